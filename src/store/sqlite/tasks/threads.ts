import { isMet } from '../../rollouts/expectation.ts';
import type { Expectation } from '../../rollouts/expectation.ts';
import { createThreadRows } from '../../rollouts/thread-rows.ts';
import type { PackedThreadRows } from '../../rollouts/thread-rows.ts';
import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

export type ThreadIndex =
  | {
      readonly kind: 'indexed';
      readonly count: number;
      readonly archivedCount: number;
      /** Undefined when they are as expected. */
      readonly rows: PackedThreadRows | undefined;
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

/** @param input `expected`: what the rows need not be sent for */
export function threads(
  database: ReadOnlyDatabase,
  { expected }: { readonly expected?: Expectation | undefined },
): ThreadIndex {
  const tables = tableNames(database);
  if (!tables.includes('threads')) return { kind: 'absent' };
  const table = database.all('PRAGMA table_info(threads)');
  const columns = table.map((row) => String(row['name']));
  const keys = table.filter((row) => Number(row['pk']) > 0).map((row) => String(row['name']));
  if (NEEDED.some((name) => !columns.includes(name))) return { kind: 'absent' };
  const rows = createThreadRows();
  let archivedCount = 0;
  let truncated = false;
  for (const row of database.each(ROWS)) {
    if (rows.length === MAX_ROWS) {
      truncated = true;
      break;
    }
    const archived = Number(row['archived']) !== 0;
    archivedCount += Number(archived);
    rows.add({ id: String(row['id']), rolloutPath: String(row['rollout_path']), archived });
  }
  // The sum of the rows says nothing about a thread that has two of them.
  const isAsExpected = expected !== undefined && keys.join() === 'id' && isMet(expected, rows);
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
    count: rows.length,
    archivedCount,
    rows: isAsExpected ? undefined : rows.pack(),
    truncated,
    backfill: typeof backfill === 'string' ? backfill : undefined,
    sources: groups('source'),
    modelProviders: groups('model_provider'),
  };
}
