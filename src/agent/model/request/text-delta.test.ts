import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textDeltaOf } from './text-delta.ts';

const TYPE = 'response.output_text.delta';

test.each([
  ['a word', { type: TYPE, item_id: 'i', delta: 'word', logprobs: [] }, 'word'],
  ['nothing', { type: TYPE, item_id: 'i', delta: '' }, ''],
  ['escapes', { type: TYPE, item_id: 'i', delta: 'say "so"\\\n🦊\u2028' }, 'say "so"\\\n🦊\u2028'],
  ['braces', { type: TYPE, item_id: 'i', delta: 'f() { return {}; }' }, 'f() { return {}; }'],
  ['a key in the text', { type: TYPE, item_id: ',"delta":"no', delta: ',"delta":"yes"' }, ',"delta":"yes"'],
])('the text of an event is found: %s', (_name, event, text) => {
  expect(textDeltaOf(JSON.stringify(event))).toBe(text);
});

test.each([
  ['another type', { type: 'response.reasoning_text.delta', item_id: 'i', delta: 'x' }],
  ['the type elsewhere', { item_id: 'i', type: TYPE, delta: 'x' }],
  ['no text', { type: TYPE, item_id: 'i' }],
  ['no string', { type: TYPE, item_id: 'i', delta: 1 }],
  ['a delta of something inside', { type: TYPE, part: { a: 1, delta: 'x' } }],
  ['headers behind', { type: TYPE, item_id: 'i', delta: 'x', headers: { 'openai-model': 'm' } }],
  ['headers before', { type: TYPE, headers: { 'openai-model': 'm' }, delta: 'x' }],
  ['probabilities', { type: TYPE, item_id: 'i', delta: 'x', logprobs: [{ token: 'x' }] }],
])('the event has to be parsed: %s', (_name, event) => {
  expect(textDeltaOf(JSON.stringify(event))).toBeUndefined();
});

test.each([
  '',
  '{',
  `{"type":"${TYPE}","delta":"x`,
  `{"type":"${TYPE}","delta":"x\\"}`,
  `{"type":"${TYPE}","a":1,"delta":"\\x"}`,
])('what is no JSON is left to the parser: %s', (data) => {
  expect(textDeltaOf(data)).toBeUndefined();
});

test('whatever is found is what JSON.parse finds', () => {
  const part = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.jsonValue(),
    fc.constantFrom('"', '\\', '{', '",'),
  );
  const members = fc.dictionary(fc.oneof(fc.string(), fc.constant('headers')), part);
  const text = fc.string({ unit: 'grapheme' });
  const holds = fc.check(
    fc.property(members, text, members, (before, delta, after) => {
      const data = JSON.stringify(Object.assign({ type: TYPE }, before, { type: TYPE, delta }, after));
      const parsed = JSON.parse(data) as { readonly delta: unknown };
      const found = textDeltaOf(data);
      return found === undefined || found === parsed.delta;
    }),
    { numRuns: 500 },
  );
  expect(holds).toMatchObject({ failed: false });
});
