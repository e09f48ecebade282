import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { logRow } from '../../../fixtures/log-rows.ts';
import type { Row } from '../sqlite/database.ts';
import { queryLogs } from './query.ts';
import type { LogFilter } from './query.ts';
import { LOG_SCHEMA } from './schema.ts';

const ROWS = [
  logRow(1, { level: 'WARN', module_path: 'core::turn', file: 'turn.ts', thread_id: 'a' }),
  logRow(2, { level: 'INFO', module_path: 'core::mcp', file: 'mcp.ts', thread_id: 'b', ts: 5_000 }),
  logRow(3, { level: 'ERROR', thread_id: null, feedback_log_body: 'Broken Pipe' }),
];

test.each<[string, LogFilter, readonly number[]]>([
  ['everything, as it was written', {}, [1, 2, 3]],
  ['the newest first', { descending: true, limit: 2 }, [3, 2]],
  ['levels', { levels: ['WARN', 'ERROR'] }, [1, 3]],
  ['times, both ends included', { fromTs: 1_000, toTs: 4_999 }, [1, 3]],
  ['from a time on', { fromTs: 5_000 }, [2]],
  ['one of several modules', { modulesLike: ['turn', 'mcp'] }, [1, 2]],
  ['a file', { filesLike: ['mcp'] }, [2]],
  ['a thread', { threadIds: ['a'] }, [1]],
  ['a thread, and what belongs to none', { threadIds: ['a'], includeThreadless: true }, [1, 3]],
  ['what belongs to no thread', { includeThreadless: true }, [3]],
  ['after a row', { afterId: 2 }, [3]],
  ['a text, case and all', { search: 'Broken' }, [3]],
  ['a text in another case', { search: 'broken' }, []],
  ['a text that is no pattern', { search: '%' }, []],
])('query: %s', (_name, filter, expected) => {
  const database = new Database(':memory:');
  onTestFinished(() => void database.close());
  database.exec(LOG_SCHEMA);
  const columns = Object.keys(logRow(0));
  const insert = database.prepare(
    `INSERT INTO logs (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`,
  );
  for (const row of ROWS) insert.run(row);
  const rows = queryLogs(
    { all: (sql, ...parameters) => database.prepare<unknown[], Row>(sql).all(...parameters), each: () => [] },
    filter,
  );
  expect(rows.map(({ id }) => id)).toEqual(expected);
});
