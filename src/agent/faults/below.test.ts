import { expect, it } from 'vitest';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import type { Identity } from '../../../fixtures/lab/authority.ts';
import { expectKept } from '../../../fixtures/turn-faults/expect-kept.ts';
import { play, UNHURRIED } from '../../../fixtures/turn-faults/play.ts';
import type { TurnFault } from '../../../fixtures/turn-faults/play.ts';
import type { Wire } from '../../../fixtures/turn-faults/agent-at.ts';
import { providerAt } from '../../../fixtures/model-request.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import { createNetwork } from '../../net/network.ts';
import type { Network } from '../../net/network.ts';
import type { AgentModel } from '../agent-model.ts';
import { createModelClient } from '../model/create-client.ts';
import { createHttpTransport } from '../model/http/transport.ts';

/** What goes wrong before a request arrives. */
interface BelowFault {
  readonly name: string;
  readonly below: NonNullable<TurnFault['below']>;
  /** A status that somebody else answered with. */
  readonly status?: number;
  /** How often the request is sent over HTTP. */
  readonly sent?: number;
}

const authority = await createAuthority();
const stranger = await createAuthority();
const DAY_MS = 86_400_000;

const unproxied: readonly BelowFault[] = [
  { name: 'nobody listens', below: 'refuse' },
  { name: 'every connection is reset', below: 'reset' },
  { name: 'every connection ends', below: 'end' },
  { name: 'somebody else answers', below: { garbage: 'SSH-2.0-OpenSSH_9.9\r\n' } },
];

/** A proxy answers plain requests itself; 4xx is sent once by each attempt of the turn. */
const proxied: readonly BelowFault[] = [
  {
    name: 'a proxy that asks for a login',
    below: { proxy: { credentials: { username: 'u', password: 'p' } } },
    status: 407,
    sent: 2,
  },
  {
    name: 'a proxy that refuses',
    below: { proxy: { behaviour: { status: 403, body: 'no' } } },
    status: 403,
    sent: 2,
  },
  { name: 'a proxy that fails', below: { proxy: { behaviour: { status: 502 } } }, status: 502 },
  { name: 'a proxy that resets', below: { proxy: { behaviour: 'reset' } } },
  { name: 'a proxy that hangs up', below: { proxy: { behaviour: 'end' } } },
  { name: 'a proxy that speaks something else', below: { proxy: { behaviour: { garbage: 'what?\r\n' } } } },
];

const shown = async (name: string, identity: Promise<Identity>): Promise<BelowFault> => ({
  name,
  below: {
    identity: await identity,
    healthy: await authority.issue(),
    authority: authority.certificate,
  },
});

const secure: readonly BelowFault[] = [
  await shown('a certificate of an authority that nobody trusts', stranger.issue()),
  await shown('a certificate of another host', authority.issue({ hosts: ['other.test'] })),
  await shown('a certificate of yesterday', authority.issue({ notAfter: new Date(Date.now() - DAY_MS) })),
];

/** Each request is sent twice, and each turn makes two of them. */
const ALL_ATTEMPTS = 4;

const faults = [...unproxied, ...proxied, ...secure].flatMap((fault) => {
  const { below, status } = fault;
  const retry = `retry 1/1${status === undefined ? '' : ` after ${status}`}`;
  const sent = fault.sent ?? ALL_ATTEMPTS;
  const end = [retry, 'error other', 'failed other'];
  const common = { name: fault.name, below, asked: [] };
  return [
    { ...common, over: 'http', told: end, attempts: sent },
    // The prewarm, and two attempts of the turn, before the transport is given up.
    { ...common, over: 'websocket', told: ['warning', ...end], attempts: 3 + sent },
  ] as const;
});

it.concurrent.for(faults)('$over: $name', UNHURRIED, async (fault) => {
  const played = await play(fault);
  expect(played.told).toEqual(fault.told);
  expect(played.asked).toEqual([]);
  const faulty = played.attempts.filter(({ success }) => !success);
  expect(faulty).toHaveLength(fault.attempts);
  expectKept(played);
});

// An answer may take as long as it likes to begin (spec/transport.md 1.7): only the user ends that.
it('http: somebody takes the connection and says nothing', async () => {
  const played = await play({
    name: 'silence',
    over: 'http',
    below: 'silent',
    meanwhile: async ({ thread, connected }) => {
      await connected();
      thread.submit({ type: 'interrupt' });
    },
    told: ['aborted interrupted'],
    asked: [],
  });
  expect(played.told).toEqual(['aborted interrupted']);
  expectKept(played);
});

it.each(['http', 'websocket'] as const)('%s: a name that does not resolve', async (over) => {
  let isKnown = false;
  const lookedUp: string[] = [];
  const messages: string[] = [];
  const network = createNetwork({
    environment: () => ({ values: {}, originOf: () => undefined }),
    caVariables: [],
    files,
    cwd: '/nowhere',
    resolver: {
      ready: () => Promise.resolve(),
      lookup: async (host, family) => {
        lookedUp.push(host);
        if (!isKnown) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
        return family === 4 ? ['127.0.0.1'] : [];
      },
    },
  });
  const played = await play({
    name: 'a name',
    over,
    modelAt: (baseUrl) => modelOver(network, over, baseUrl.replace('127.0.0.1', 'lab.test')),
    onEvent: ({ msg }) => {
      if (msg.type === 'error') messages.push(msg.message);
      if (msg.type === 'task_complete') isKnown = true;
    },
    onClosed: () => network.close(),
    told: [],
    asked: [],
  });
  expect(played.told).toEqual([
    ...(over === 'http' ? [] : ['warning']),
    'retry 1/1',
    'error other',
    'failed other',
  ]);
  expect(new Set(lookedUp)).toEqual(new Set(['lab.test']));
  expect(
    messages.some((message) => /the endpoint lab\.test:\d+ does not resolve \(ENOTFOUND\)/.test(message)),
  ).toBe(true);
  expectKept(played);
});

const identity = { originator: 'lab', userAgent: 'lab', installationId: 'lab' };
const observer = { attempt: () => undefined, recovery: () => undefined };

function modelOver(network: Network, over: Wire, baseUrl: string): AgentModel {
  const provider = providerAt(baseUrl, {
    supportsWebsockets: over === 'websocket',
    limits: {
      requestMaxRetries: 1,
      streamMaxRetries: 1,
      streamIdleTimeoutMs: 20_000,
      websocketConnectTimeoutMs: 20_000,
    },
  });
  const shared = { provider, network, identity, observer, clock: systemClock };
  const http = createHttpTransport({ ...shared, compressesRequests: false, random: Math.random });
  const features = { responseProcessed: false, runtimeMetrics: false, betaFeatures: [] };
  return { provider, createClient: (thread) => createModelClient({ ...shared, ...thread, http, features }) };
}
