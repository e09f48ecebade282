import type { ReadOnlyDatabase, Row, SqlValue } from '../sqlite/database.ts';

export interface LogFilter {
  /** In upper case. */
  readonly levels?: readonly string[];
  /** Unix seconds, both inclusive. */
  readonly fromTs?: number;
  readonly toTs?: number;
  /** Substrings; one of them is enough. */
  readonly modulesLike?: readonly string[];
  readonly filesLike?: readonly string[];
  readonly threadIds?: readonly string[];
  /** Beside those of `threadIds`, rows that belong to no thread. */
  readonly includeThreadless?: boolean;
  /** Rows that came after this one. */
  readonly afterId?: number;
  /** Case-sensitive substring of the body. */
  readonly search?: string;
  readonly limit?: number;
  readonly descending?: boolean;
}

/** Rows in the order in which they were written (spec/observability.md 2.2, query surface). */
export function queryLogs(database: ReadOnlyDatabase, filter: LogFilter): readonly Row[] {
  const conditions: string[] = [];
  const parameters: SqlValue[] = [];
  const add = (condition: string, ...values: readonly SqlValue[]): void => {
    conditions.push(condition);
    parameters.push(...values);
  };
  const { levels, fromTs, toTs, modulesLike, filesLike, threadIds, afterId, search } = filter;
  if (levels?.length) add(`UPPER(level) IN (${placesFor(levels)})`, ...levels);
  if (fromTs !== undefined) add('ts >= ?', fromTs);
  if (toTs !== undefined) add('ts <= ?', toTs);
  if (modulesLike?.length) add(anyContains('module_path', modulesLike), ...modulesLike);
  if (filesLike?.length) add(anyContains('file', filesLike), ...filesLike);
  const threadless = filter.includeThreadless === true ? ['thread_id IS NULL'] : [];
  const ofThreads = threadIds?.length ? [`thread_id IN (${placesFor(threadIds)})`] : [];
  if (threadless.length + ofThreads.length > 0)
    add(`(${[...ofThreads, ...threadless].join(' OR ')})`, ...(threadIds ?? []));
  if (afterId !== undefined) add('id > ?', afterId);
  if (search !== undefined) add('INSTR(feedback_log_body, ?) > 0', search);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const order = filter.descending === true ? 'DESC' : 'ASC';
  const limit = filter.limit === undefined ? '' : 'LIMIT ?';
  if (filter.limit !== undefined) parameters.push(filter.limit);
  return database.all(`SELECT * FROM logs ${where} ORDER BY id ${order} ${limit}`, ...parameters);
}

const placesFor = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

const anyContains = (column: string, values: readonly string[]): string =>
  `(${values.map(() => `INSTR(${column}, ?) > 0`).join(' OR ')})`;
