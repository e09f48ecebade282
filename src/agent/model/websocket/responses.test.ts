import { expect, test } from 'vitest';
import { itemsOf } from '../../../../fixtures/model-thread.ts';
import { systemClock } from '../../../host/clock.ts';
import { completed, created, failed, functionCall, message } from '../../../testing/index.ts';
import type { WireEvent } from '../../../testing/index.ts';
import { createResponseReader } from './responses.ts';

const reader = (endedId?: string) =>
  createResponseReader({
    endedId,
    headers: { 'openai-model': 'gpt-real' },
    url: 'ws://provider/responses',
    hide: (text) => text,
    told: undefined,
    clock: systemClock,
  });
const bytes = (...events: readonly WireEvent[]): Buffer[] =>
  events.map((event) => Buffer.from(JSON.stringify(event)));

const said = (model: string): WireEvent => ({
  type: 'response.created',
  response: { headers: { 'OpenAI-Model': [model] } },
});

test('messages that come together are one batch, and each item counts once whatever stands between', () => {
  const noise = { type: 'no.such.event' };
  const batch = bytes(
    ...message('Hi'),
    noise,
    functionCall('ls', {}),
    noise,
    completed('r1'),
    ...message('late'),
  );
  const read = reader().read(batch);
  expect(itemsOf(read.events).map(({ type }) => type)).toEqual(['message', 'function_call']);
  expect(read.completed).toEqual({ responseId: 'r1', items: itemsOf(read.events) });
});

test('what came before a failure is kept, and what comes behind it is not read', () => {
  const {
    events,
    failure,
    completed: end,
  } = reader().read(bytes(...message('Hi'), failed('slow_down'), completed('r1')));
  expect(events.map(({ type }) => type)).toEqual(['item_added', 'text_delta', 'item_done']);
  expect(failure?.failure).toEqual({ kind: 'server_overloaded' });
  expect(end).toBeUndefined();
});

test('the model that answers is told when it changes from what the upgrade said', () => {
  const { events } = reader().read(bytes(said('gpt-real'), said('other'), said('other')));
  expect(events.filter(({ type }) => type === 'server_model')).toEqual([
    { type: 'server_model', model: 'other' },
  ]);
});

test('an end that is told a second time does not end the next response', () => {
  const again = reader('r1');
  expect(again.read(bytes(completed('r1')))).toEqual({ events: [] });
  expect(again.read(bytes(...message('Hi'), completed('r2'))).completed).toMatchObject({ responseId: 'r2' });
  // Some servers know one id only.
  expect(reader('r1').read(bytes(created('r1'), completed('r1'))).completed).toBeDefined();
  expect(reader('r1').read(bytes(...message('Hi'), completed('r1'))).completed).toBeDefined();
});
