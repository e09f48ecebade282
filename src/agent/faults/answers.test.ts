import { expect, it } from 'vitest';
import { expectKept } from '../../../fixtures/turn-faults/expect-kept.ts';
import { play, UNHURRIED } from '../../../fixtures/turn-faults/play.ts';
import type { TurnFault } from '../../../fixtures/turn-faults/play.ts';
import type { Refusal } from '../../testing/responses/script.ts';

/** An answer that is no stream of events, and what it means whenever it comes (spec/transport.md 1.6). */
interface Refused {
  readonly name: string;
  readonly step: Refusal;
  /** The request level asks again, which is true of 5xx. */
  readonly isSentTwice?: boolean;
  /** The turn asks again; the status that it says. */
  readonly retriedAfter?: number;
  readonly error: string;
}

const error = (parts: object): Pick<Refusal, 'body'> => ({ body: { error: { message: 'No.', ...parts } } });

const refusals: readonly Refused[] = [
  { name: '400', step: { status: 400, ...error({}) }, error: 'other' },
  {
    name: '400 of a policy',
    step: { status: 400, ...error({ code: 'cyber_policy' }) },
    error: 'cyber_policy',
  },
  {
    name: '400 of an image where there is none',
    step: {
      status: 400,
      ...error({ message: 'The image data you provided does not represent a valid image' }),
    },
    error: 'bad_request',
  },
  { name: '401 to a key', step: { status: 401, ...error({}) }, retriedAfter: 401, error: 'other' },
  { name: '403', step: { status: 403 }, retriedAfter: 403, error: 'other' },
  { name: '404', step: { status: 404, body: 'nothing here' }, retriedAfter: 404, error: 'other' },
  { name: '413', step: { status: 413 }, retriedAfter: 413, error: 'other' },
  { name: '422', step: { status: 422, ...error({}) }, retriedAfter: 422, error: 'other' },
  { name: '426', step: { status: 426 }, retriedAfter: 426, error: 'other' },
  {
    name: '429 of a usage limit',
    step: { status: 429, ...error({ type: 'usage_limit_reached', resets_at: 4_000_000_000 }) },
    error: 'usage_limit_exceeded',
  },
  {
    name: '429 of a plan',
    step: { status: 429, ...error({ type: 'usage_not_included' }) },
    error: 'usage_limit_exceeded',
  },
  { name: '429', step: { status: 429 }, error: 'response_too_many_failed_attempts' },
  {
    name: '500',
    step: { status: 500, body: 'oh' },
    isSentTwice: true,
    retriedAfter: 500,
    error: 'internal_server_error',
  },
  { name: '502', step: { status: 502 }, isSentTwice: true, retriedAfter: 502, error: 'other' },
  { name: '503', step: { status: 503 }, isSentTwice: true, retriedAfter: 503, error: 'other' },
  {
    name: '503 of an overload',
    step: { status: 503, ...error({ code: 'server_is_overloaded' }) },
    isSentTwice: true,
    error: 'server_overloaded',
  },
  {
    name: 'a redirect, which is not followed',
    step: { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } },
    retriedAfter: 302,
    error: 'other',
  },
];

/** Both budgets multiply (trap 8). */
const overHttp = refusals.map(
  ({ name, step, isSentTwice = false, retriedAfter, error: kind }): TurnFault => ({
    name,
    over: 'http',
    responses: { always: step },
    told: [
      ...(retriedAfter === undefined ? [] : [`retry 1/1 after ${retriedAfter}`]),
      `error ${kind}`,
      `failed ${kind}`,
    ],
    asked: Array.from({ length: (isSentTwice ? 2 : 1) * (retriedAfter === undefined ? 1 : 2) }, () => 'http'),
  }),
);

/** The same as a frame: a spent budget gives the transport up, and what follows goes over HTTP. */
const inFrames = refusals.map(
  ({ name, step, isSentTwice = false, retriedAfter, error: kind }): TurnFault => ({
    name: `a frame that says ${name}`,
    over: 'websocket',
    responses: { always: step },
    // The first request is the one that only prepares, and fails as well.
    told: [
      ...(retriedAfter === undefined ? [] : ['warning', `retry 1/1 after ${retriedAfter}`]),
      `error ${kind}`,
      `failed ${kind}`,
    ],
    asked:
      retriedAfter === undefined
        ? ['websocket']
        : [
            'websocket',
            'websocket',
            ...Array.from({ length: (isSentTwice ? 2 : 1) * 2 }, () => 'http' as const),
          ],
  }),
);

it.concurrent.for([...overHttp, ...inFrames])('$over: $name', UNHURRIED, async (fault) => {
  const played = await play(fault);
  expect(played.told).toEqual(fault.told);
  expect(played.asked.map(({ transport }) => transport)).toEqual(fault.asked);
  expectKept(played);
});
