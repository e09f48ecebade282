import type { ReadOnlyDatabase, Row, SqlValue } from '../sqlite/database.ts';
import { formatLogLine } from './format.ts';
import { latestProcesses, NEWEST_FIRST } from './latest-processes.ts';

export interface LogExport {
  /** Whole lines in order of time. */
  readonly text: Buffer;
  readonly lines: number;
  /** Rows that were read, and the bytes of their text: what the export cost. */
  readonly rowsRead: number;
  readonly bytesRead: number;
}

/** What one export may hold, before and after the lines are written out (spec/observability.md 2.3). */
export const MAX_EXPORT_BYTES = 10 * 1024 * 1024;

/**
 * The log of some threads, as it is added to feedback: their own rows, and those rows of their latest processes that belong
 * to no thread; the newest that fit. Reads the partitions side by side from their newest rows on, by index, so that what
 * is read follows from what is returned and not from the size of the database.
 */
export function exportThreadLogs(
  database: ReadOnlyDatabase,
  threadIds: readonly string[],
  { maxBytes = MAX_EXPORT_BYTES }: { readonly maxBytes?: number } = {},
): LogExport {
  const ids = [...new Set(threadIds)];
  const cost = { rowsRead: 0, bytesRead: 0 };
  const sources = [
    ...ids.map((id) => createSource(database, cost, { where: 'thread_id = ?', value: id })),
    ...latestProcesses(database, ids).map((process) =>
      createSource(database, cost, { where: 'thread_id IS NULL AND process_uuid = ?', value: process }),
    ),
  ];
  const newestFirst: string[] = [];
  let estimated = 0;
  let rendered = 0;
  for (let row = takeNewest(sources); row; row = takeNewest(sources)) {
    estimated += Number(row['estimated_bytes']);
    if (estimated > maxBytes) break;
    const line = formatLogLine(row);
    rendered += Buffer.byteLength(line);
    if (rendered > maxBytes) break;
    newestFirst.push(line);
  }
  return { text: Buffer.from(newestFirst.toReversed().join('')), lines: newestFirst.length, ...cost };
}

/** Rows of one partition, newest first, fetched as they are wanted. */
interface Source {
  peek(): Row | undefined;
  take(): void;
}

/**
 * Each fetch is no larger than everything that was taken before, so that at the end at most half of what was read is
 * thrown away.
 */
const FIRST_FETCH = 2;
const LARGEST_FETCH = 64;

function createSource(
  database: ReadOnlyDatabase,
  cost: { rowsRead: number; bytesRead: number },
  { where, value }: { readonly where: string; readonly value: string },
): Source {
  let rows: Row[] = [];
  let at = 0;
  let fetchRows = FIRST_FETCH;
  let isAtEnd = false;
  let last: readonly SqlValue[] | undefined;

  const fetch = (): void => {
    const before = last ? 'AND (ts, ts_nanos, id) < (?, ?, ?)' : '';
    rows = database.all(
      `SELECT id, ts, ts_nanos, level, feedback_log_body, estimated_bytes FROM logs
        WHERE ${where} ${before} AND feedback_log_body IS NOT NULL
        ORDER BY ${NEWEST_FIRST} LIMIT ${fetchRows}`,
      value,
      ...(last ?? []),
    );
    at = 0;
    isAtEnd = rows.length < fetchRows;
    fetchRows = Math.min(2 * fetchRows, LARGEST_FETCH);
    const end = rows.at(-1);
    if (end) last = [end['ts'] ?? 0, end['ts_nanos'] ?? 0, end['id'] ?? 0];
    cost.rowsRead += rows.length;
    for (const row of rows) cost.bytesRead += Buffer.byteLength(String(row['feedback_log_body']));
  };
  return {
    peek() {
      if (at >= rows.length && !isAtEnd) fetch();
      return rows[at];
    },
    take() {
      at += 1;
    },
  };
}

function takeNewest(sources: readonly Source[]): Row | undefined {
  let newest: { readonly row: Row; readonly source: Source } | undefined;
  for (const source of sources) {
    const row = source.peek();
    if (row && (!newest || isNewer(row, newest.row))) newest = { row, source };
  }
  newest?.source.take();
  return newest?.row;
}

function isNewer(one: Row, other: Row): boolean {
  for (const column of ['ts', 'ts_nanos', 'id'] as const) {
    const difference = Number(one[column]) - Number(other[column]);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
