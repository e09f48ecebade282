import { expect, test } from 'vitest';
import { logDatabase, logRow } from '../../../fixtures/log-rows.ts';
import { readFeedbackTags } from './feedback-tags.ts';
import type { LogRow } from './row.ts';

const tagRow = (number: number, body: string, more: Partial<LogRow> = {}): LogRow => ({
  ...logRow(number, { target: 'feedback_tags', ...more }),
  feedback_log_body: body,
});

test('the last write wins: of the threads, and of their latest processes', () => {
  const database = logDatabase([
    tagRow(1, 'a="1" b="1" old="gone"', { process_uuid: 'old' }),
    tagRow(2, 'a="2"', { process_uuid: 'old', thread_id: 't' }),
    tagRow(9, 'a="other thread"', { process_uuid: 'new', thread_id: 'x' }),
    tagRow(5, 'span: b="5"', { process_uuid: 'new', thread_id: 't' }),
    tagRow(4, 'b="4" c=true', { process_uuid: 'new' }),
    tagRow(6, 'c=false', { process_uuid: 'third' }),
    { ...tagRow(7, 'd="no tag"', { thread_id: 't', process_uuid: 'new' }), target: 'stethos_core' },
    { ...tagRow(8, '', { thread_id: 't', process_uuid: 'new' }), feedback_log_body: null },
  ]);
  expect(readFeedbackTags(database, ['t', 't'])).toEqual({ a: '2', b: '5', c: 'true' });
  expect(readFeedbackTags(database, [])).toEqual({});
});

test('names that mean something to JavaScript are names like others', () => {
  const tags = readFeedbackTags(logDatabase([tagRow(1, '__proto__="x"', { thread_id: 't' })]), ['t']);
  expect(Object.keys(tags)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
});

test('names beyond every reason are left out, known ones still change', () => {
  const rows = Array.from({ length: 600 }, (_, number) =>
    tagRow(number, `n${number}="x"`, { thread_id: 't' }),
  );
  const tags = readFeedbackTags(logDatabase([...rows, tagRow(700, 'n0="last"', { thread_id: 't' })]), ['t']);
  expect(Object.keys(tags)).toHaveLength(512);
  expect(tags['n0']).toBe('last');
});
