import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

/** One row of the agent's thread index. */
export interface ThreadRow {
  readonly id: string;
  /** As stored: usually absolute, of the time when the row was written. */
  readonly rolloutPath: string;
  readonly archived: boolean;
}

export type ThreadIndex =
  | {
      readonly kind: 'indexed';
      readonly rows: readonly ThreadRow[];
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

export function threads(database: ReadOnlyDatabase, _input: Record<string, never>): ThreadIndex {
  const tables = tableNames(database);
  if (!tables.includes('threads')) return { kind: 'absent' };
  const columns = database.all('PRAGMA table_info(threads)').map((row) => String(row['name']));
  if (NEEDED.some((name) => !columns.includes(name))) return { kind: 'absent' };
  const rows = database.all(`SELECT id, rollout_path, archived FROM threads LIMIT ${MAX_ROWS + 1}`);
  const groups = (column: string): ThreadGroup[] =>
    columns.includes(column)
      ? database
          .all(
            `SELECT substr(${column}, 1, 200) AS name, count(*) AS count FROM threads
               GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MAX_GROUPS}`,
          )
          .map((row) => ({ name: String(row['name']), count: Number(row['count']) }))
      : [];
  const backfill = tables.includes('backfill_state')
    ? database.all('SELECT status FROM backfill_state LIMIT 1')[0]?.['status']
    : undefined;
  return {
    kind: 'indexed',
    rows: rows.slice(0, MAX_ROWS).map((row) => ({
      id: String(row['id']),
      rolloutPath: String(row['rollout_path']),
      archived: Number(row['archived']) !== 0,
    })),
    truncated: rows.length > MAX_ROWS,
    backfill: typeof backfill === 'string' ? backfill : undefined,
    sources: groups('source'),
    modelProviders: groups('model_provider'),
  };
}
