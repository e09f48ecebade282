import type { ReadOnlyDatabase } from '../sqlite/database.ts';

export const NEWEST_FIRST = 'ts DESC, ts_nanos DESC, id DESC';

/** Of each thread only the process that wrote its newest row; older ones belong to another story. */
export function latestProcesses(database: ReadOnlyDatabase, threadIds: readonly string[]): string[] {
  const processes = threadIds.flatMap((id) => {
    const [row] = database.all(
      `SELECT process_uuid FROM logs WHERE thread_id = ? AND process_uuid IS NOT NULL
        ORDER BY ${NEWEST_FIRST} LIMIT 1`,
      id,
    );
    return row ? [String(row['process_uuid'])] : [];
  });
  return [...new Set(processes)];
}
