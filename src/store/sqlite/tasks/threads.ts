import { createThreadRows } from '../../rollouts/thread-rows.ts';
import type { PackedThreadRows } from '../../rollouts/thread-rows.ts';
import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

export type ThreadIndex =
  | {
      readonly kind: 'indexed';
      readonly rows: PackedThreadRows;
      /** There are more rows than were read. */
      readonly truncated: boolean;
      /** Of the first filling of the index from session files: `pending`, `running` or `complete`; undefined before it. */
      readonly backfill: string | undefined;
      /** Rows by origin, such as `cli` and `exec`; most frequent first, in the agent's spelling. */
      readonly sources: readonly ThreadGroup[];
      readonly modelProviders: readonly ThreadGroup[];
    }
  /** The database holds no index that this reader knows. */
  | { readonly kind: 'absent' };

export interface ThreadGroup {
  readonly name: string;
  readonly count: number;
}

/** Ten times the largest home that anybody has reported. */
const MAX_ROWS = 1_000_000;
const MAX_GROUPS = 8;
const NEEDED = ['id', 'rollout_path', 'archived'];
/** As text whatever is stored, since a number could be too large for JavaScript. */
const ROWS = `SELECT CAST(id AS TEXT) AS id, CAST(rollout_path AS TEXT) AS rollout_path, archived <> 0 AS archived
  FROM threads LIMIT ${MAX_ROWS + 1}`;

export function threads(database: ReadOnlyDatabase, _input: Record<string, never>): ThreadIndex {
  const tables = tableNames(database);
  if (!tables.includes('threads')) return { kind: 'absent' };
  const columns = database.all('PRAGMA table_info(threads)').map((row) => String(row['name']));
  if (NEEDED.some((name) => !columns.includes(name))) return { kind: 'absent' };
  const rows = createThreadRows();
  let truncated = false;
  for (const row of database.each(ROWS)) {
    if (rows.length === MAX_ROWS) {
      truncated = true;
      break;
    }
    rows.add({
      id: String(row['id']),
      rolloutPath: String(row['rollout_path']),
      archived: Number(row['archived']) !== 0,
    });
  }
  const groups = (column: string): ThreadGroup[] =>
    columns.includes(column)
      ? database
          .all(
            // The inner groups come from an index, where the agent has made one.
            `SELECT substr(name, 1, 200) AS name, sum(count) AS count
               FROM (SELECT ${column} AS name, count(*) AS count FROM threads GROUP BY ${column})
               GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MAX_GROUPS}`,
          )
          .map((row) => ({ name: String(row['name']), count: Number(row['count']) }))
      : [];
  const backfill = tables.includes('backfill_state')
    ? database.all('SELECT status FROM backfill_state LIMIT 1')[0]?.['status']
    : undefined;
  return {
    kind: 'indexed',
    rows: rows.pack(),
    truncated,
    backfill: typeof backfill === 'string' ? backfill : undefined,
    sources: groups('source'),
    modelProviders: groups('model_provider'),
  };
}
