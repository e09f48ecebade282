import { expect, it } from 'vitest';
import { expectKept } from '../../../fixtures/turn-faults/expect-kept.ts';
import type { Wire } from '../../../fixtures/turn-faults/agent-at.ts';
import { play } from '../../../fixtures/turn-faults/play.ts';
import type { TurnFault } from '../../../fixtures/turn-faults/play.ts';
import { completed, created, message } from '../../testing/responses/events.ts';
import type { Action, UpgradeStep } from '../../testing/responses/script.ts';

/** Long enough for the agent to give up; then the end of the connection is seen. */
const UNREAD: UpgradeStep = { status: 101, reads: false, readsAfterMs: 6_000 };
/** Runs into the connect timeout, and no healthy connection does. */
const PREWARM_LIMIT = { websocket_connect_timeout_ms: 1_500 };
const begun = [created('r'), message('half')] as const;
/** The prewarm and the only attempt. */
const twice = (step: UpgradeStep): UpgradeStep[] => [step, step];
const always = (step: UpgradeStep): UpgradeStep[] => Array.from({ length: 9 }, () => step);

/** Faults that HTTP does not have. */
interface SocketFault extends Omit<TurnFault, 'over'> {
  /** How often the agent wanted to open a WebSocket in the faulty turn. */
  readonly upgrades: number;
}

const wrappedFrame = (more: object): Action => ({ type: 'error', ...more });
const AT_LIMIT = wrappedFrame({
  status: 400,
  error: { code: 'websocket_connection_limit_reached', message: 'This connection is 60 minutes old.' },
});

/** The prewarm and two attempts of the turn; then HTTP (spec/transport.md 2.6). */
const GIVEN_UP = { told: ['warning', 'done healthy'], asked: ['http'], upgrades: 3 } as const;

const atTheUpgrade: readonly SocketFault[] = [
  { name: '401 to a key', server: { upgrades: always({ status: 401 }) }, ...GIVEN_UP },
  { name: '403', server: { upgrades: always({ status: 403 }) }, ...GIVEN_UP },
  { name: '404', server: { upgrades: always({ status: 404 }) }, ...GIVEN_UP },
  { name: '500', server: { upgrades: always({ status: 500 }) }, ...GIVEN_UP },
  { name: '200, which is no upgrade', server: { upgrades: always({ status: 200 }) }, ...GIVEN_UP },
  {
    name: 'a redirect',
    server: { upgrades: always({ status: 302, headers: { location: '/else' } }) },
    ...GIVEN_UP,
  },
  {
    name: 'the answer to another key',
    server: { upgrades: always({ status: 101, accept: 'wrong' }) },
    ...GIVEN_UP,
  },
  { name: 'a reset', server: { upgrades: always('reset') }, ...GIVEN_UP },
  { name: 'a lost connection', server: { upgrades: always('drop') }, ...GIVEN_UP },
  {
    name: '426: HTTP at once',
    server: { upgrades: always({ status: 426 }) },
    told: ['done healthy'],
    asked: ['http'],
    upgrades: 1,
  },
  {
    name: '426 once the turn asks',
    server: { upgrades: ['drop', { status: 426 }] },
    told: ['done healthy'],
    asked: ['http'],
    upgrades: 2,
  },
  {
    name: '400: the same over HTTP would not help',
    server: { upgrades: twice({ status: 400, body: 'no' }) },
    told: ['error other', 'failed other'],
    asked: [],
    upgrades: 2,
  },
  {
    name: '429 of a usage limit',
    server: { upgrades: twice({ status: 429, body: { error: { type: 'usage_limit_reached' } } }) },
    told: ['error usage_limit_exceeded', 'failed usage_limit_exceeded'],
    asked: [],
    upgrades: 2,
  },
  {
    name: '503 of an overload',
    server: { upgrades: twice({ status: 503, body: { error: { code: 'slow_down' } } }) },
    told: ['error server_overloaded', 'failed server_overloaded'],
    asked: [],
    upgrades: 2,
  },
  {
    name: 'a fault of the prewarm alone',
    server: { upgrades: ['reset'] },
    told: ['done healthy'],
    asked: ['websocket'],
    upgrades: 2,
  },
  {
    name: 'two faults, of the prewarm and the first attempt',
    server: { upgrades: ['reset', 'drop'] },
    told: ['done healthy'],
    asked: ['websocket'],
    upgrades: 3,
  },
  {
    name: 'no answer: this turn goes over HTTP (DECISIONS 9)',
    server: { upgrades: ['silent'] },
    limits: PREWARM_LIMIT,
    told: ['done healthy'],
    asked: ['http'],
    upgrades: 1,
  },
];

const onTheConnection: readonly SocketFault[] = [
  {
    name: 'a prewarm that is not answered',
    server: { prewarm: 'scripted' },
    responses: [[{ end: 'stay' }]],
    limits: PREWARM_LIMIT,
    told: ['done healthy'],
    asked: ['http'],
    upgrades: 1,
  },
  {
    name: 'a prewarm that fails',
    server: { prewarm: 'scripted' },
    responses: [{ status: 500 }],
    told: ['done healthy'],
    asked: ['websocket'],
    upgrades: 2,
  },
  ...[1000, 1001, 1008, 1011, 1013].map((code): SocketFault => ({
    name: `a close ${code} in the middle`,
    responses: [[begun, { close: code, reason: 'because' }]],
    told: ['done healthy'],
    asked: ['websocket', 'websocket'],
    upgrades: 2,
  })),
  {
    name: 'a close instead of an answer, always',
    responses: { always: [{ close: 1011 }] },
    server: { prewarm: 'scripted' },
    told: ['warning', 'retry 1/1', 'error other', 'failed other'],
    asked: ['websocket', 'websocket', 'http', 'http'],
    upgrades: 3,
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
    upgrades: 2,
  })),
  {
    name: 'a server that reads nothing more (trap 18)',
    server: { upgrades: ['drop', UNREAD] },
    limits: { stream_idle_timeout_ms: 2_000 },
    // More than the system takes without a reader.
    prompt: 'long '.repeat(4_000_000),
    told: ['done healthy'],
    asked: ['websocket'],
    upgrades: 3,
  },
  {
    name: 'a server that reads nothing from the beginning',
    server: { upgrades: [UNREAD] },
    limits: PREWARM_LIMIT,
    told: ['done healthy'],
    asked: ['http'],
    upgrades: 1,
  },
  {
    name: 'the end of a connection that a turn left warm',
    responses: [[created('r'), message('fine'), completed('r'), { close: 1000 }]],
    told: ['done fine'],
    asked: ['websocket'],
    upgrades: 1,
  },
];

const overSocket: Wire = 'websocket';

it.concurrent.for([...atTheUpgrade, ...onTheConnection])('$name', async (fault) => {
  const played = await play({ ...fault, over: overSocket });
  expect(played.told).toEqual(fault.told);
  expect(played.asked.map(({ transport }) => transport)).toEqual(fault.asked);
  expect(played.upgrades).toBe(fault.upgrades);
  expectKept(played);
});
