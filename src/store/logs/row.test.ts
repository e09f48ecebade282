import { expect, test } from 'vitest';
import { bare } from './logger.ts';
import type { LogFields } from './logger.ts';
import { createRow, createSpan } from './row.ts';

const row = (more: Partial<Parameters<typeof createRow>[0]> = {}): ReturnType<typeof createRow> =>
  createRow({
    spans: [],
    level: 'INFO',
    target: 'stethos_core',
    message: 'hello',
    nowMs: 1_123,
    processUuid: 'pid:1:u',
    ...more,
  });

test.each<[string, LogFields | undefined, string]>([
  ['a message alone', undefined, 'hello'],
  [
    'numbers, booleans and words of ours are bare',
    { n: 1, b: true, w: bare('low'), i: 12n },
    'hello n=1 b=true w=low i=12',
  ],
  ['strings stand in quotes', { s: 'a "b"\n' }, String.raw`hello s="a \"b\"\n"`],
  ['what is undefined is left out', { a: undefined, b: 2 }, 'hello b=2'],
])('%s', (_name, fields, body) => expect(row({ fields }).feedback_log_body).toBe(body));

test('spans stand before a line from the root to the leaf, those without fields by their name', () => {
  const spans = [
    createSpan('turn', { 'otel.name': 'session_task.turn', turn: bare('7') }),
    createSpan('run'),
    createSpan('step', { n: 1 }),
  ];
  expect(row({ spans, fields: { count: 0 } }).feedback_log_body).toBe(
    'turn{otel.name="session_task.turn" turn=7}:run:step{n=1}: hello count=0',
  );
});

test('a line belongs to its own thread, else to that of the innermost span', () => {
  const spans = [
    createSpan('a', { thread_id: 'outer' }),
    createSpan('b', { thread_id: 'inner' }),
    createSpan('c'),
  ];
  expect(row({ spans }).thread_id).toBe('inner');
  expect(row({ spans, fields: { thread_id: bare('own') } }).thread_id).toBe('own');
  expect(row().thread_id).toBeNull();
});

test('the estimate counts the bytes of the texts, and nothing else', () => {
  const {
    estimated_bytes: bytes,
    ts,
    ts_nanos: nanos,
  } = row({ message: 'zwölf', fields: { thread_id: 'x' } });
  expect(bytes).toBe(Buffer.byteLength('zwölf thread_id="x"') + 'INFO'.length + 'stethos_core'.length);
  expect([ts, nanos]).toEqual([1, 123_000_000]);
});
