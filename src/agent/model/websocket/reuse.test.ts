import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { user } from '../../../../fixtures/model-thread.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelRequest } from '../client.ts';
import { requestBody } from '../request/body.ts';
import type { RequestBody } from '../request/body.ts';
import { continuationOf } from './reuse.ts';
import type { CompletedExchange } from './reuse.ts';

const facts = { installationId: 'install', windowId: 'thread:0', storesResponses: false };
const bodyOf = (more: Partial<ModelRequest>, changed: Partial<typeof facts> = {}): RequestBody =>
  requestBody(plainRequest(more), { ...facts, ...changed });

const answer: ResponseItem = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Hi' }],
};
const [asked, next] = [user('hello'), user('and now?')];
const previous: CompletedExchange = {
  body: bodyOf({ input: [asked] }),
  items: [answer],
  responseId: 'resp_1',
};

test('what the server knows is not sent again', () => {
  expect(continuationOf(previous, bodyOf({ input: [asked, answer, next] }))).toEqual({
    previousResponseId: 'resp_1',
    input: [next],
  });
});

test('an empty rest is a continuation all the same', () => {
  expect(continuationOf(previous, bodyOf({ input: [asked, answer] }))).toMatchObject({ input: [] });
});

test('turn metadata and trace take no part in the comparison (trap 3)', () => {
  const more = { turnMetadata: { turn_id: 'other' }, trace: { traceparent: '00-a-b-01' } };
  expect(continuationOf(previous, bodyOf({ input: [asked, answer, next], ...more }))).toBeDefined();
});

const { id: _, ...withoutId } = answer;

test.each<[string, CompletedExchange | undefined, RequestBody]>([
  ['nothing came before', undefined, bodyOf({ input: [asked, answer, next] })],
  ['the response had no id', { ...previous, responseId: '' }, bodyOf({ input: [asked, answer, next] })],
  ['other instructions', previous, bodyOf({ input: [asked, answer, next], instructions: 'Be long.' })],
  ['another effort', previous, bodyOf({ input: [asked, answer, next], effort: 'high' })],
  [
    'another tool',
    previous,
    bodyOf({ input: [asked, answer, next], tools: [{ type: 'web_search', external_web_access: true }] }),
  ],
  ['another window', previous, bodyOf({ input: [asked, answer, next] }, { windowId: 'thread:1' })],
  ['another installation', previous, bodyOf({ input: [asked, answer, next] }, { installationId: 'i2' })],
  ['the answer is missing', previous, bodyOf({ input: [asked, next] })],
  ['the answer was changed', previous, bodyOf({ input: [asked, { ...answer, content: [] }, next] })],
  ['the answer lost its id (trap 4)', previous, bodyOf({ input: [asked, withoutId, next] })],
  ['the input was changed', previous, bodyOf({ input: [user('hello!'), answer, next] })],
  ['the input is shorter', previous, bodyOf({ input: [asked] })],
])('a request is sent whole: %s', (_title, before, body) => {
  expect(continuationOf(before, body)).toBeUndefined();
});

const items = fc.array(fc.string().map(user), { maxLength: 5 });

test('a continuation and what went before are the whole request, and every true continuation is found', () => {
  fc.assert(
    fc.property(items, items, items, (before, answered, rest) => {
      const exchange = { body: bodyOf({ input: before }), items: answered, responseId: 'r' };
      // Copies, as of a history that was read from a file.
      const copies = structuredClone([...before, ...answered, ...rest]);
      expect(continuationOf(exchange, bodyOf({ input: copies }))?.input).toEqual(rest);
    }),
  );
});

test('any input either begins with all that is known, or is sent whole', () => {
  fc.assert(
    fc.property(items, items, items, (before, answered, input) => {
      const exchange = { body: bodyOf({ input: before }), items: answered, responseId: 'r' };
      const known = [...before, ...answered];
      const isKnown = JSON.stringify(input.slice(0, known.length)) === JSON.stringify(known);
      const found = continuationOf(exchange, bodyOf({ input }));
      expect(found?.input).toEqual(isKnown ? input.slice(known.length) : undefined);
    }),
  );
});
