import type { ReadOnlyDatabase, Row } from '../sqlite/database.ts';
import { latestProcesses, NEWEST_FIRST } from './latest-processes.ts';
import { tagsInBody } from './tag-line.ts';

/** Rows under this target tell tags for feedback, in the log of codex as in ours (spec/observability.md 6). */
export const FEEDBACK_TAGS = 'feedback_tags';

/** Partitions of the log keep no more than this many rows. */
const MAX_ROWS = 1_000;
/** codex 0.169 tells some 270; more are not from anybody who means well, and further names are left out. */
const MAX_TAGS = 512;

/**
 * What is known of the latest requests of some threads: the tags in their own rows, and in those rows of their latest
 * processes that belong to no thread. The last write of a name wins. Values are plain, without the quotes that codex puts
 * around them.
 */
export function readFeedbackTags(
  database: ReadOnlyDatabase,
  threadIds: readonly string[],
): Readonly<Record<string, string>> {
  const ids = [...new Set(threadIds)];
  const rows = [
    ...ids.flatMap((id) => rowsWhere(database, 'thread_id = ?', id)),
    ...latestProcesses(database, ids).flatMap((process) =>
      rowsWhere(database, 'thread_id IS NULL AND process_uuid = ?', process),
    ),
  ];
  const tags = new Map<string, string>();
  for (const row of rows.toSorted(byTime))
    for (const [name, value] of tagsInBody(String(row['feedback_log_body'])))
      if (tags.has(name) || tags.size < MAX_TAGS) tags.set(name, value);
  return Object.fromEntries(tags);
}

const rowsWhere = (database: ReadOnlyDatabase, where: string, value: string): readonly Row[] =>
  database.all(
    `SELECT id, ts, ts_nanos, feedback_log_body FROM logs
      WHERE ${where} AND target = ? AND feedback_log_body IS NOT NULL
      ORDER BY ${NEWEST_FIRST} LIMIT ${MAX_ROWS}`,
    value,
    FEEDBACK_TAGS,
  );

function byTime(one: Row, other: Row): number {
  for (const column of ['ts', 'ts_nanos', 'id'] as const) {
    const difference = Number(one[column]) - Number(other[column]);
    if (difference !== 0) return difference;
  }
  return 0;
}
