import { expect, it } from 'vitest';
import { expectKept } from '../../../fixtures/turn-faults/expect-kept.ts';
import type { Wire } from '../../../fixtures/turn-faults/agent-at.ts';
import { play, UNHURRIED } from '../../../fixtures/turn-faults/play.ts';
import type { TurnFault } from '../../../fixtures/turn-faults/play.ts';
import { completed, created, message } from '../../testing/responses/events.ts';
import type { Action, UpgradeStep } from '../../testing/responses/script.ts';

/** Long enough for the agent to give up; then the end of the connection is seen. */
const UNREAD: UpgradeStep = { status: 101, reads: false, readsAfterMs: 8_000 };
/** Runs into the connect timeout, and no healthy connection does. */
const PREWARM_LIMIT = { websocket_connect_timeout_ms: 3_000 };
const begun = [created('r'), message('half')] as const;
/** The prewarm and the only attempt. */
const twice = (step: UpgradeStep): UpgradeStep[] => [step, step];
const always = (step: UpgradeStep): UpgradeStep[] => Array.from({ length: 9 }, () => step);

/** Faults that HTTP does not have. */
interface SocketFault extends Omit<TurnFault, 'over'> {
  /** How often the agent wanted to open a WebSocket in the faulty turn. */
  readonly upgraded: number;
}

const wrappedFrame = (more: object): Action => ({ type: 'error', ...more });
const AT_LIMIT = wrappedFrame({
  status: 400,
  error: { code: 'websocket_connection_limit_reached', message: 'This connection is 60 minutes old.' },
});

/** The prewarm and two attempts of the turn; then HTTP (spec/transport.md 2.6). */
const GIVEN_UP = { told: ['warning', 'done healthy'], asked: ['http'], upgraded: 3 } as const;

const atTheUpgrade: readonly SocketFault[] = [
  { name: '401 to a key', upgrades: always({ status: 401 }), ...GIVEN_UP },
  { name: '403', upgrades: always({ status: 403 }), ...GIVEN_UP },
  { name: '404', upgrades: always({ status: 404 }), ...GIVEN_UP },
  { name: '500', upgrades: always({ status: 500 }), ...GIVEN_UP },
  { name: '200, which is no upgrade', upgrades: always({ status: 200 }), ...GIVEN_UP },
  {
    name: 'a redirect',
    upgrades: always({ status: 302, headers: { location: '/else' } }),
    ...GIVEN_UP,
  },
  {
    name: 'the answer to another key',
    upgrades: always({ status: 101, accept: 'wrong' }),
    ...GIVEN_UP,
  },
  { name: 'a reset', upgrades: always('reset'), ...GIVEN_UP },
  { name: 'a lost connection', upgrades: always('drop'), ...GIVEN_UP },
  {
    name: '426: HTTP at once',
    upgrades: always({ status: 426 }),
    told: ['done healthy'],
    asked: ['http'],
    upgraded: 1,
  },
  {
    name: '426 once the turn asks',
    upgrades: ['drop', { status: 426 }],
    told: ['done healthy'],
    asked: ['http'],
    upgraded: 2,
  },
  {
    name: '400: the same over HTTP would not help',
    upgrades: twice({ status: 400, body: 'no' }),
    told: ['error other', 'failed other'],
    asked: [],
    upgraded: 2,
  },
  {
    name: '429 of a usage limit',
    upgrades: twice({ status: 429, body: { error: { type: 'usage_limit_reached' } } }),
    told: ['error usage_limit_exceeded', 'failed usage_limit_exceeded'],
    asked: [],
    upgraded: 2,
  },
  {
    name: '503 of an overload',
    upgrades: twice({ status: 503, body: { error: { code: 'slow_down' } } }),
    told: ['error server_overloaded', 'failed server_overloaded'],
    asked: [],
    upgraded: 2,
  },
  {
    name: 'a fault of the prewarm alone',
    upgrades: ['reset'],
    told: ['done healthy'],
    asked: ['websocket'],
    upgraded: 2,
  },
  {
    name: 'two faults, of the prewarm and the first attempt',
    upgrades: ['reset', 'drop'],
    told: ['done healthy'],
    asked: ['websocket'],
    upgraded: 3,
  },
  {
    name: 'no answer: this turn goes over HTTP (DECISIONS 9)',
    upgrades: ['silent'],
    limits: PREWARM_LIMIT,
    told: ['done healthy'],
    asked: ['http'],
    upgraded: 1,
  },
];

const onTheConnection: readonly SocketFault[] = [
  {
    name: 'a prewarm that is not answered',
    warm: [{ end: 'stay' }],
    limits: PREWARM_LIMIT,
    told: ['done healthy'],
    asked: ['http'],
    upgraded: 1,
  },
  {
    name: 'a prewarm that fails',
    warm: { status: 500 },
    told: ['done healthy'],
    asked: ['websocket'],
    upgraded: 2,
  },
  ...[1000, 1001, 1008, 1011, 1013].map((code): SocketFault => ({
    name: `a close ${code} in the middle`,
    responses: [[begun, { close: code, reason: 'because' }]],
    told: ['done healthy'],
    asked: ['websocket', 'websocket'],
    upgraded: 2,
  })),
  {
    name: 'a close instead of an answer, always',
    responses: { always: [{ close: 1011 }] },
    warm: [{ close: 1011 }],
    told: ['warning', 'retry 1/1', 'error other', 'failed other'],
    asked: ['websocket', 'websocket', 'http', 'http'],
    upgraded: 3,
  },
  ...(
    [
      ['a binary message', { bytes: Buffer.from('{}') }],
      ['bytes that are no frame', { raw: Buffer.from([0xff, 0xff, 0xff, 0xff]) }],
      ['a message longer than any may be', { raw: Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]) }],
      ['text that is no UTF-8', { raw: Buffer.from([0x81, 2, 0xc3, 0x28]) }],
      ['the limit of the connection (trap 13)', AT_LIMIT],
      ['an error frame with `status_code`', wrappedFrame({ status_code: 502, error: { message: 'no' } })],
    ] as const
  ).map(([name, action]): SocketFault => ({
    name,
    responses: [[begun, action]],
    told: ['done healthy'],
    asked: ['websocket', 'websocket'],
    upgraded: 2,
  })),
  {
    name: 'a server that reads nothing more',
    upgrades: ['drop', UNREAD],
    limits: { stream_idle_timeout_ms: 4_000 },
    told: ['done healthy'],
    asked: ['websocket'],
    upgraded: 3,
  },
  {
    name: 'a server that reads nothing from the beginning',
    upgrades: [UNREAD],
    limits: PREWARM_LIMIT,
    told: ['done healthy'],
    asked: ['http'],
    upgraded: 1,
  },
  {
    name: 'the end of a connection that a turn left warm',
    responses: [[created('r'), message('fine'), completed('r'), { close: 1000 }]],
    told: ['done fine'],
    asked: ['websocket'],
    upgraded: 1,
  },
];

const overSocket: Wire = 'websocket';

it.concurrent.for([...atTheUpgrade, ...onTheConnection])('$name', UNHURRIED, async (fault) => {
  const played = await play({ ...fault, over: overSocket });
  expect(played.told).toEqual(fault.told);
  expect(played.asked.map(({ transport }) => transport)).toEqual(fault.asked);
  expect(played.upgraded).toBe(fault.upgraded);
  expectKept(played);
});
