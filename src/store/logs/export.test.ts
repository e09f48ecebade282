import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logDatabase, logRow } from '../../../fixtures/log-rows.ts';
import type { Row } from '../sqlite/database.ts';
import { exportThreadLogs } from './export.ts';
import { formatLogLine } from './format.ts';
import type { LogRow } from './row.ts';

const linesOf = (rows: readonly LogRow[], ids: readonly string[], maxBytes?: number): string[] =>
  exportThreadLogs(logDatabase(rows), ids, maxBytes === undefined ? {} : { maxBytes })
    .text.toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\S+ +[A-Z]+ /, ''));

test('no threads, no lines', () => expect(linesOf([logRow(1)], [])).toEqual([]));

test('rows of the thread and of its latest process, in order of time', () => {
  const rows = [
    logRow(1, { process_uuid: 'old', feedback_log_body: 'older process, no thread' }),
    logRow(2, { process_uuid: 'old', thread_id: 'a', feedback_log_body: 'older process, thread' }),
    logRow(5, { process_uuid: 'new', thread_id: 'a', feedback_log_body: 'thread' }),
    logRow(3, { process_uuid: 'new', feedback_log_body: 'no thread' }),
    logRow(4, { process_uuid: 'new', thread_id: 'b', feedback_log_body: 'other thread' }),
    logRow(6, { process_uuid: null, thread_id: 'a', feedback_log_body: 'without process' }),
    logRow(7, { process_uuid: 'new', thread_id: 'a' }),
    logRow(8, { process_uuid: 'third', feedback_log_body: 'other process' }),
  ];
  rows[6] = { ...rows[6], feedback_log_body: null } as LogRow;
  expect(linesOf(rows, ['a', 'a'])).toEqual([
    'older process, thread',
    'no thread',
    'thread',
    'without process',
  ]);
});

test('all threads share one limit, and the first line that does not fit ends it', () => {
  const rows = [
    logRow(1, { thread_id: 'a', estimated_bytes: 1 }),
    logRow(2, { thread_id: 'b', estimated_bytes: 60 }),
    logRow(3, { thread_id: 'a', estimated_bytes: 50 }),
    logRow(4, { thread_id: 'b', estimated_bytes: 50 }),
  ];
  expect(linesOf(rows, ['a', 'b'], 100)).toEqual(['line 3', 'line 4']);
});

test('what is written out is limited as well, in whole lines', () => {
  const rows = [1, 2].map((number) => logRow(number, { thread_id: 'a', estimated_bytes: 0 }));
  const lineBytes = Buffer.byteLength('1970-01-01T00:16:40.002000Z  INFO line 2\n');
  expect(linesOf(rows, ['a'], lineBytes)).toEqual(['line 2']);
  expect(linesOf(rows, ['a'], lineBytes - 1)).toEqual([]);
  expect(linesOf(rows, ['a'], 2 * lineBytes)).toEqual(['line 1', 'line 2']);
});

test.each<[string, Row, string]>([
  [
    'the example',
    { ts: 1, ts_nanos: 123_456_000, level: 'INFO', feedback_log_body: 'alpha' },
    '1970-01-01T00:00:01.123456Z  INFO alpha\n',
  ],
  [
    'a body with its own line end',
    { ts: 0, ts_nanos: 999, level: 'ERROR', feedback_log_body: 'a\nb\n' },
    '1970-01-01T00:00:00.000000Z ERROR a\nb\n',
  ],
  [
    'a time that no calendar has',
    { ts: 9e15, ts_nanos: 7, level: 'WARN', feedback_log_body: 'x' },
    '9000000000000000.000000007Z  WARN x\n',
  ],
  [
    'before our time',
    { ts: -1, ts_nanos: 0, level: 'TRACE', feedback_log_body: 'x' },
    '1969-12-31T23:59:59.000000Z TRACE x\n',
  ],
])('format: %s', (_name, row, line) => expect(formatLogLine(row)).toBe(line));

const MIB = 1024 * 1024;

test('of a large log, little more is read than is returned', () => {
  const body = 'x'.repeat(10_000);
  const rows = Array.from({ length: 3_000 }, (_, index) =>
    logRow(index, { thread_id: `thread ${index % 3}`, feedback_log_body: body }),
  );
  const result = exportThreadLogs(logDatabase(rows), ['thread 0', 'thread 1'], { maxBytes: MIB });
  expect(result.text.length).toBeGreaterThan(MIB - 2 * body.length);
  expect(result.bytesRead).toBeLessThan(2 * result.text.length);
});

test('the export is what the plain rules say', () => {
  const row = fc.record({
    ts: fc.integer({ min: 0, max: 3 }),
    ts_nanos: fc.integer({ min: 0, max: 3 }),
    thread_id: fc.constantFrom('a', 'b', 'c', null),
    process_uuid: fc.constantFrom('p', 'q', null),
    feedback_log_body: fc.constantFrom('one', 'two words', null),
    estimated_bytes: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      fc.subarray(['a', 'b', 'c']),
      fc.integer({ min: 0, max: 900 }),
      (seeds, ids, maxBytes) => {
        const rows = seeds.map((seed, index) => ({ ...logRow(0), ...seed, id: index + 1 }));
        const exported = exportThreadLogs(
          logDatabase(rows.map(({ id: _id, ...rest }) => rest as LogRow)),
          ids,
          { maxBytes },
        );
        expect(exported.text.toString()).toBe(plainExport(rows, ids, maxBytes));
      },
    ),
    { numRuns: 200 },
  );
});

/** The five steps of spec/observability.md 2.3, one after the other, over rows in memory. */
function plainExport(rows: readonly (Row & LogRow)[], ids: readonly string[], maxBytes: number): string {
  const newestFirst = rows.toSorted(
    (one, other) =>
      other.ts - one.ts || other.ts_nanos - one.ts_nanos || Number(other['id']) - Number(one['id']),
  );
  const processes = new Set(
    ids.map(
      (id) => newestFirst.find((row) => row.thread_id === id && row.process_uuid !== null)?.process_uuid,
    ),
  );
  const candidates = newestFirst.filter(
    ({ thread_id: thread, process_uuid: process, feedback_log_body: body }) =>
      body !== null && (thread === null ? process !== null && processes.has(process) : ids.includes(thread)),
  );
  const lines: string[] = [];
  let estimated = 0;
  let rendered = 0;
  for (const row of candidates) {
    estimated += row.estimated_bytes;
    rendered += Buffer.byteLength(formatLogLine(row));
    if (estimated > maxBytes || rendered > maxBytes) break;
    lines.unshift(formatLogLine(row));
  }
  return lines.join('');
}
