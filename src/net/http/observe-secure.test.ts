import { createSecureContext } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority, selfSigned } from '../../../fixtures/lab/authority.ts';
import type { Authority, Identity } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import type { FaultProxyOptions } from '../../../fixtures/lab/fault-proxy.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { ServerTls, Step } from '../../../fixtures/lab/fault-server.ts';
import type { Trust } from '../certificates/trust.ts';
import { classify } from '../classify/classify.ts';
import type { HttpAsk, HttpObservation } from '../network.ts';
import { loadProxies } from '../proxy/decision.ts';
import { observeHttp } from './observe.ts';
import type { HttpDependencies } from './observe.ts';

const SILENCE_MS = 300;
const authority = await createAuthority();

const trusting = (...authorities: readonly Authority[]): Trust => {
  const secureContext = createSecureContext({ ca: authorities.map(({ certificate }) => certificate) });
  return { kind: 'usable', source: { kind: 'system' }, secureContext: () => secureContext };
};

/** Goes by the variables that are given; trusts the authority of this file. */
function dependencies(
  variables: Record<string, string> = {},
  trust: Trust = trusting(authority),
): HttpDependencies {
  const proxies = loadProxies({ values: variables, originOf: () => undefined }, []);
  return { routeFor: (url) => proxies.routeFor(url), trust: () => trust };
}

const ask = (url: string): HttpAsk => ({ url, method: 'GET', headers: {}, timeoutMs: 10_000 });
const OK: Step = { answer: { status: 200, body: '{}', headers: { 'content-type': 'application/json' } } };

function classOf({ outcome, trace }: HttpObservation): string {
  const meaning = classify(outcome, 'http', trace);
  return meaning.kind === 'failed' ? meaning.failure.class : meaning.kind;
}

test('a server of a trusted authority', async () => {
  await using server = await startFaultServer([OK], { tls: { identity: await authority.issue() } });
  const observation = await observeHttp(ask(server.url()), dependencies());
  expect(observation.outcome).toMatchObject({ answer: { status: 200, httpVersion: '1.1' } });
  expect(observation.trace.tls).toMatchObject({ alpn: 'http/1.1' });
  expect(observation.trace.tls?.problem).toBeUndefined();
});

const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

test.each<[string, () => Promise<Omit<ServerTls, 'identity'> & { identity: Identity }>, string]>([
  [
    'of nobody that we know',
    async () => ({ identity: await (await createAuthority()).issue() }),
    'tls_untrusted',
  ],
  ['self-signed', async () => ({ identity: await selfSigned() }), 'tls_untrusted'],
  ['expired', async () => ({ identity: await authority.issue({ notAfter: inDays(-1) }) }), 'tls_expired'],
  [
    'not valid yet',
    async () => ({ identity: await authority.issue({ notBefore: inDays(1) }) }),
    'tls_expired',
  ],
  [
    'for another name',
    async () => ({ identity: await authority.issue({ hosts: ['other.example'] }) }),
    'tls_hostname',
  ],
  [
    'without its intermediate',
    async () => {
      const between = await createAuthority({ parent: authority });
      return { identity: await between.issue(), omitIntermediates: true };
    },
    'tls_untrusted',
  ],
  [
    'behind a client certificate',
    async () => ({ identity: await authority.issue(), requireClientCertificate: true }),
    'tls_other',
  ],
  [
    'of an old protocol',
    async () => ({ identity: await authority.issue(), maxVersion: 'TLSv1.1' as const }),
    'tls_other',
  ],
])('a certificate %s', async (_name, tls, failureClass) => {
  await using server = await startFaultServer([], { tls: await tls() });
  const observation = await observeHttp(ask(server.url()), dependencies());
  expect({ ...observation.outcome, class: classOf(observation) }).toMatchObject({
    kind: 'tls_failed',
    hop: 'endpoint',
    class: failureClass,
  });
  expect(server.requests).toEqual([]);
});

test('plain HTTP where TLS is spoken', async () => {
  const garbage = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
  await using plain = await startFaultServer([], { onConnection: { garbage } });
  expect(classOf(await observeHttp(ask(plain.url('/', 'https')), dependencies()))).toBe('tls_other');
});

test('TLS where plain HTTP is spoken', async () => {
  await using secure = await startFaultServer([], { tls: { identity: await authority.issue() } });
  const { outcome } = await observeHttp(ask(secure.url('/', 'http')), dependencies());
  expect(outcome).toMatchObject({ kind: 'broken', hop: 'endpoint', phase: 'http' });
});

test('silence in the handshake', async () => {
  await using server = await startFaultServer([], { onConnection: 'silent' });
  const limited = { ...ask(server.url('/', 'https')), timeoutMs: SILENCE_MS };
  expect((await observeHttp(limited, dependencies())).outcome).toMatchObject({
    kind: 'silent',
    phase: 'tls',
  });
});

// The reset may arrive before or after the handshake begins.
test.each(['reset', 'end'] as const)('%s in place of the handshake', async (onConnection) => {
  await using server = await startFaultServer([], { onConnection });
  const observation = await observeHttp(ask(server.url('/', 'https')), dependencies());
  expect(classOf(observation)).toBe(onConnection === 'end' ? 'closed' : 'reset');
});

test('with an unusable bundle nothing secure is dialled', async () => {
  await using server = await startFaultServer([], { tls: { identity: await authority.issue() } });
  const error = {
    kind: 'unreadable',
    variable: 'SSL_CERT_FILE',
    path: '/x',
    message: '',
    remedy: '',
  } as const;
  const trust: Trust = { kind: 'unusable', error };
  const { outcome } = await observeHttp(ask(server.url()), dependencies({}, trust));
  expect(outcome).toEqual({ kind: 'trust_unusable', error });
  expect(server.connections).toBe(0);
});

const CREDENTIALS = { username: 'ann', password: 'planted:p@ss' };
const BASIC = `Basic ${Buffer.from('ann:planted:p@ss').toString('base64')}`;

test('a plain request is handed to the proxy whole, with its credentials', async () => {
  await using server = await startFaultServer([OK]);
  await using proxy = await startFaultProxy({ credentials: CREDENTIALS });
  const HTTP_PROXY = proxy.withCredentials(CREDENTIALS.username, CREDENTIALS.password);
  const url = server.url('/v1?a=b');
  const observation = await observeHttp(ask(url), dependencies({ HTTP_PROXY }));
  expect(observation.outcome).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  expect(proxy.seen).toEqual([{ method: 'GET', target: url, authorization: BASIC }]);
  expect(server.requests).toMatchObject([{ url: '/v1?a=b', headers: { host: new URL(url).host } }]);
  expect(JSON.stringify(observation)).not.toMatch(/planted|YW5uOn/);
});

test('a secure request goes through a tunnel', async () => {
  await using server = await startFaultServer([OK], { tls: { identity: await authority.issue() } });
  await using proxy = await startFaultProxy({ credentials: CREDENTIALS });
  const HTTPS_PROXY = proxy.withCredentials(CREDENTIALS.username, CREDENTIALS.password);
  const observation = await observeHttp(ask(server.url()), dependencies({ HTTPS_PROXY }));
  expect(observation.outcome).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  expect(proxy.seen).toEqual([
    { method: 'CONNECT', target: `localhost:${server.port}`, authorization: BASIC },
  ]);
  expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  expect(JSON.stringify(observation)).not.toMatch(/planted|YW5uOn/);
});

test('an https proxy, for both', async () => {
  const identity = await authority.issue();
  await using plain = await startFaultServer([OK]);
  await using secure = await startFaultServer([OK], { tls: { identity } });
  await using proxy = await startFaultProxy({ kind: 'https', identity });
  const variables = { ALL_PROXY: proxy.url };
  for (const server of [plain, secure]) {
    const { outcome, trace } = await observeHttp(ask(server.url()), dependencies(variables));
    expect(outcome).toMatchObject({ kind: 'answered', answer: { status: 200, httpVersion: '1.1' } });
    expect(trace.proxy).toMatchObject({
      variable: 'ALL_PROXY',
      scheme: 'https',
      tls: { durationMs: expect.any(Number) as number },
    });
  }
  expect(proxy.seen.map(({ method }) => method)).toEqual(['GET', 'CONNECT']);
});

const PLAIN = 'http://localhost:9/v1';
const SECURE = 'https://localhost:9/v1';

test.each<[string, string, FaultProxyOptions, string, object]>([
  [
    '407 to a request',
    PLAIN,
    { credentials: CREDENTIALS },
    'proxy_auth',
    { kind: 'answered', answer: { status: 407 } },
  ],
  [
    '407 to CONNECT',
    SECURE,
    { credentials: CREDENTIALS },
    'proxy_auth',
    { kind: 'proxy_answered', status: 407 },
  ],
  [
    '403 to CONNECT',
    SECURE,
    { behaviour: { status: 403 } },
    'proxy_refused',
    { kind: 'proxy_answered', status: 403 },
  ],
  [
    'silence to a request',
    PLAIN,
    { behaviour: 'silent' },
    'timeout',
    { kind: 'silent', hop: 'proxy', phase: 'http' },
  ],
  [
    'silence to CONNECT',
    SECURE,
    { behaviour: 'silent' },
    'timeout',
    { kind: 'silent', hop: 'proxy', phase: 'proxy' },
  ],
  ['a reset', PLAIN, { behaviour: 'reset' }, 'reset', { kind: 'broken', hop: 'proxy', phase: 'http' }],
  ['an end', PLAIN, { behaviour: 'end' }, 'closed', { kind: 'broken', hop: 'proxy', phase: 'http' }],
  [
    'garbage',
    PLAIN,
    { behaviour: { garbage: 'SSH-2.0\r\n' } },
    'protocol',
    { kind: 'not_http', hop: 'proxy' },
  ],
  [
    'garbage to CONNECT',
    SECURE,
    { behaviour: { garbage: 'SSH-2.0\r\n' } },
    'protocol',
    { kind: 'not_http', hop: 'proxy' },
  ],
])('a proxy with %s', async (_name, url, options, failureClass, expected) => {
  await using proxy = await startFaultProxy(options);
  const timeoutMs = options.behaviour === 'silent' ? SILENCE_MS : 10_000;
  const observation = await observeHttp({ ...ask(url), timeoutMs }, dependencies({ ALL_PROXY: proxy.url }));
  expect(observation.outcome).toMatchObject(expected);
  expect(classOf(observation)).toBe(failureClass);
  expect(observation.trace.proxy?.variable).toBe('ALL_PROXY');
});

test('an inspecting proxy is told by the certificate that it shows', async () => {
  const inspector = await createAuthority({ commonName: 'Corporate Inspection' });
  await using server = await startFaultServer([OK], { tls: { identity: await authority.issue() } });
  await using proxy = await startFaultProxy({ behaviour: { intercept: inspector } });
  const variables = { HTTPS_PROXY: proxy.url };
  const distrusted = await observeHttp(ask(server.url()), dependencies(variables));
  expect(classOf(distrusted)).toBe('tls_untrusted');
  expect(distrusted.trace.tls?.certificate?.issuer).toContain('Corporate Inspection');
  const trust = trusting(authority, inspector);
  expect(classOf(await observeHttp(ask(server.url()), dependencies(variables, trust)))).toBe('fine');
});

test('a variable that the client cannot take stops it', async () => {
  const { outcome } = await observeHttp(ask('http://127.0.0.1:9/'), {
    ...dependencies(),
    routeFor: () => ({ kind: 'unusable', variable: 'HTTP_PROXY', problem: 'it names no host' }),
  });
  expect(outcome).toEqual({ kind: 'proxy_unusable', variable: 'HTTP_PROXY', problem: 'it names no host' });
});
