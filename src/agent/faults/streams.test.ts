import { expect, it } from 'vitest';
import { expectKept } from '../../../fixtures/turn-faults/expect-kept.ts';
import { play, UNHURRIED } from '../../../fixtures/turn-faults/play.ts';
import type { TurnFault } from '../../../fixtures/turn-faults/play.ts';
import type { Wire } from '../../../fixtures/turn-faults/agent-at.ts';
import { completed, created, failed, incomplete, message } from '../../testing/responses/events.ts';
import { itemAdded, itemDone, textDeltas } from '../../testing/responses/events.ts';
import type { Action, Actions, Step } from '../../testing/responses/script.ts';

/** Where every attempt is silent. */
const IDLE = { stream_idle_timeout_ms: 1_500 };
/** Where what follows has to come in time, however busy the machine. */
const PATIENT = { stream_idle_timeout_ms: 4_000 };
const STAY: Action = { end: 'stay' };
const WIRES = ['http', 'websocket'] as const;

interface Stream {
  readonly name: string;
  readonly step: Step;
  /** Default: both. */
  readonly over?: Wire;
  /** Ends by the idle timeout. */
  readonly isSilent?: boolean;
}

const begun = [created('r'), message('half')] as const;
const whole = [created('r'), message('fine'), completed('r')] as const;
const noise = (count: number): Actions =>
  Array.from({ length: count }, (): Actions => [{ keepAlive: true }, { pauseMs: 20 }]);
const LONG = 'x'.repeat(100_000);
const note = (parts: object): Action => ({ type: 'response.note', ...parts });

/** What a turn does not even notice (spec/transport.md 1.4, last row). */
const fine: readonly Stream[] = [
  {
    name: 'events that nobody knows',
    step: [created('r'), note({ new: [{}] }), message('fine'), completed('r')],
  },
  {
    name: 'events that lack their parts',
    step: [
      { type: 'response.output_text.delta' },
      { type: 'response.output_item.done' },
      { type: 'response.completed' },
      whole,
    ],
  },
  {
    name: 'items of no known kind',
    step: [
      created('r'),
      itemAdded({ type: 'news' }),
      itemDone({ type: 'news' }),
      message('fine'),
      completed('r'),
    ],
  },
  {
    name: 'items whose parts are none',
    step: [
      created('r'),
      itemDone({ type: 'message', role: 'assistant', content: [null] }),
      itemDone({ type: 'reasoning', summary: [1] }),
      message('fine'),
      completed('r'),
    ],
  },
  {
    name: 'deltas of no item',
    step: [created('r'), textDeltas('who', 'said', 'it'), message('fine'), completed('r')],
  },
  {
    name: 'an `error` event without a status (trap 12)',
    step: [
      created('r'),
      { type: 'error', error: { message: 'never mind' } },
      message('fine'),
      completed('r'),
    ],
  },
  {
    name: 'an `error` event with a status of success',
    step: [created('r'), { type: 'error', status: 200 }, message('fine'), completed('r')],
    over: 'websocket',
  },
  {
    name: 'an event that is no JSON',
    step: [created('r'), { text: 'data: {"type":\n\n' }, message('fine'), completed('r')],
  },
  {
    name: 'JSON that is no event',
    step: [
      created('r'),
      { text: 'data: [null]\n\n' },
      { text: '7' },
      { text: '\n\n' },
      message('fine'),
      completed('r'),
    ],
  },
  {
    name: 'the mark of another protocol',
    step: [created('r'), { text: 'data: [DONE]\n\n' }, message('fine'), completed('r')],
  },
  {
    name: 'signs of life between the events',
    step: [created('r'), noise(3), message('fine'), noise(3), completed('r')],
  },
  {
    name: 'a long delta',
    step: [created('r'), message([LONG, LONG]), message('fine', 'msg_2'), completed('r')],
  },
  { name: 'a second end', step: [whole, completed('r')] },
  {
    name: 'more behind the end',
    step: [whole, message('late'), failed('server_is_overloaded')],
    over: 'http',
  },
  {
    name: 'more than it behind the end',
    step: [whole, textDeltas('late'), note({}), { type: 'responsesapi.websocket_timing' }],
  },
  { name: 'a connection that is lost behind the end', step: [whole, { end: 'drop' }] },
  { name: 'a close behind the end', step: [whole, { close: 1011 }] },
  { name: 'no creation', step: [message('fine'), completed('r')] },
  { name: 'a completion without an id', step: [created('r'), message('fine'), completed('')] },
];

/** What the turn asks again for. */
const retried: readonly Stream[] = [
  { name: 'a reset in the middle', step: [begun, { end: 'reset' }] },
  { name: 'a lost connection in the middle', step: [begun, { end: 'drop' }] },
  { name: 'an end without a completion', step: [begun, { close: 1000 }] },
  { name: 'half an event and the end', step: [begun, { half: completed('r') }, { end: 'drop' }] },
  { name: 'half an event and silence', step: [begun, { half: completed('r') }, STAY], isSilent: true },
  { name: 'silence before the first event', step: [STAY], isSilent: true },
  { name: 'silence in the middle', step: [begun, STAY], isSilent: true },
  {
    name: 'signs of life and nothing else (trap 15)',
    step: [begun, noise(300), completed('r')],
    isSilent: true,
  },
  {
    name: 'a completion that cannot be read',
    step: [begun, { type: 'response.completed', response: { id: 7 } }],
  },
  { name: 'a failure without a reason', step: [begun, { type: 'response.failed', response: {} }] },
  { name: 'a failure of a new kind', step: [begun, failed('sun_spots')] },
  {
    name: 'a rate limit that says when',
    step: [begun, failed('rate_limit_exceeded', 'Please try again in 20ms.')],
  },
  { name: 'an incomplete response', step: [begun, incomplete('max_output_tokens')] },
  { name: 'an answer without a body', step: [], over: 'http' },
  {
    name: 'a page',
    step: { headers: { 'content-type': 'text/html' }, actions: [{ text: '<html>Please log in.</html>' }] },
    over: 'http',
  },
  {
    name: 'a body that is no stream',
    step: { headers: { 'content-type': 'application/json' }, actions: [{ text: '{"id":"r","output":[]}' }] },
    over: 'http',
  },
];

/** What ends the turn at once. */
const final: readonly (Stream & { readonly error: string })[] = [
  ['context_length_exceeded', 'context_window_exceeded'],
  ['insufficient_quota', 'usage_limit_exceeded'],
  ['usage_not_included', 'usage_limit_exceeded'],
  ['cyber_policy', 'cyber_policy'],
  ['invalid_prompt', 'other'],
  ['server_is_overloaded', 'server_overloaded'],
  ['slow_down', 'server_overloaded'],
].map(([code = '', error = '']) => ({ name: `a failure ${code}`, step: [begun, failed(code)], error }));

const overEach = (
  streams: readonly Stream[],
  faultOf: (stream: Stream, over: Wire) => TurnFault,
): TurnFault[] =>
  streams.flatMap((stream) => (stream.over ? [stream.over] : WIRES).map((over) => faultOf(stream, over)));

const faults: readonly TurnFault[] = [
  ...overEach(fine, ({ name, step }, over) => ({
    name,
    over,
    responses: [step],
    told: ['done fine'],
    asked: [over],
  })),
  ...overEach(retried, (stream, over) => ({
    name: `${stream.name}, once`,
    over,
    responses: [stream.step],
    limits: stream.isSilent ? PATIENT : {},
    // The first hiccup of a socket is no news (spec/transport.md 1.7).
    told: over === 'http' ? ['retry 1/1', 'done healthy'] : ['done healthy'],
    asked: [over, over],
  })),
  ...overEach(retried, (stream, over) => ({
    name: `${stream.name}, always`,
    over,
    responses: { always: stream.step },
    limits: stream.isSilent ? IDLE : {},
    told: [...(over === 'http' ? [] : ['warning']), 'retry 1/1', 'error other', 'failed other'],
    // A spent budget gives the WebSocket up and starts again (trap 25).
    asked: over === 'http' ? ['http', 'http'] : ['websocket', 'websocket', 'http', 'http'],
  })),
  ...final.flatMap((stream) =>
    overEach([stream], ({ name, step }, over) => ({
      name,
      over,
      responses: [step],
      told: [`error ${stream.error}`, `failed ${stream.error}`],
      asked: [over],
    })),
  ),
];

it.concurrent.for(faults)('$over: $name', UNHURRIED, async (fault) => {
  const played = await play(fault);
  expect(played.told).toEqual(fault.told);
  expect(played.asked.map(({ transport }) => transport)).toEqual(fault.asked);
  expectKept(played);
});
