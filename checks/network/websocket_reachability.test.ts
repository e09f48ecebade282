import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { startFaultProxy } from '../../fixtures/lab/fault-proxy.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { Step } from '../../fixtures/lab/fault-server.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { DialTrace } from '../../src/net/dial/trace.ts';
import type { HttpObservation } from '../../src/net/network.ts';
import type {
  DialOutcome,
  HttpAnswer,
  HttpOutcome,
  UpgradeFacts,
  WebSocketOutcome,
} from '../../src/net/outcome.ts';
import check from './websocket_reachability.ts';
import type { WebSocketEvidence } from './websocket_reachability/evidence.ts';

const CA_ERROR = {
  kind: 'invalid',
  variable: 'SSL_CERT_FILE',
  path: '/ca.pem',
  message: 'SSL_CERT_FILE names /ca.pem, which holds no certificate',
  remedy: 'Point SSL_CERT_FILE at a PEM file, or unset it.',
} as const;

const DIRECT: DialTrace = {
  totalMs: 40,
  resolve: {
    host: 'api.example.test',
    ipv4: { addresses: ['192.0.2.1'], durationMs: 3 },
    ipv6: { addresses: [], durationMs: 3, code: 'ENOTFOUND' },
  },
  connect: {
    port: 443,
    attempts: [{ address: '192.0.2.1', family: 4, state: 'connected', durationMs: 9 }],
    durationMs: 9,
  },
};
const PROXIED: DialTrace = {
  ...DIRECT,
  proxy: { variable: 'HTTPS_PROXY', scheme: 'http', hasCredentials: false, durationMs: 20 },
};
const upgrade: UpgradeFacts = {
  status: 101,
  durationMs: 25,
  extensions: 'permessage-deflate',
  hasReasoningHeader: true,
  hasServerModel: true,
  hasModelsEtag: false,
};
const answer = (
  status: number,
  more: Partial<HttpAnswer> = {},
): { kind: 'answered'; answer: HttpAnswer } => ({
  kind: 'answered',
  answer: {
    status,
    httpVersion: '1.1',
    challenges: [],
    body: { kind: 'empty', bytes: 0, isTruncated: false },
    ...more,
  },
});
const HEALTHY = answer(200);
const page = (title: string): Pick<HttpAnswer, 'body'> => ({
  body: { kind: 'html', bytes: 90, isTruncated: false, title },
});
const closed = (closeCode: number, reason = ''): WebSocketOutcome => ({
  kind: 'closed',
  upgrade,
  closeCode,
  reason,
  afterMs: 12,
});
const http = (outcome: HttpOutcome, trace = DIRECT): HttpObservation => ({ outcome, trace, durationMs: 50 });

/** HTTP is healthy, the credential is an API key, and the provider is the user's own, unless a row says otherwise. */
type Row = Partial<Omit<WebSocketEvidence, 'models' | 'base' | 'websocket'>> & {
  readonly http?: HttpOutcome | 'unasked';
  readonly base?: HttpOutcome;
  readonly trace?: DialTrace;
  readonly httpTrace?: DialTrace;
};

const ownAddress = {
  agent: 'codex',
  host: 'api.example.test',
  isLoopback: false,
  addressSource: undefined,
  caVariables: ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'],
  startCommand: undefined,
} as const;
const configured = { ...ownAddress, addressSource: 'model_providers.own.base_url' } as const;
const notNeeded = { kind: 'unattached', mode: 'none', reason: 'not_needed' } as const;
const unattached = { kind: 'unattached', mode: 'none', reason: 'none' } as const;

function judge(outcome: WebSocketOutcome, row: Row = {}): Verdict {
  const { http: overHttp = HEALTHY, trace = DIRECT, httpTrace = trace, ...more } = row;
  // Healthy providers answer 404 at their bare address.
  const { base = overHttp === HEALTHY ? answer(404) : overHttp, ...rest } = more;
  return check.judge({
    kind: 'asked',
    situation: configured,
    provider: {
      id: 'own',
      name: 'Own',
      origin: 'configured',
      supportsWebsockets: true,
      websocketConnectTimeoutMs: 15_000,
    },
    endpoint: 'wss://api.example.test/v1/responses',
    proxy: { kind: 'direct' },
    credential: { kind: 'attached', mode: 'api_key', source: '/home/x/.codex/auth.json' },
    loginCommand: 'codex login',
    timeLimitMs: 8_000,
    windowMs: 500,
    websocket: { outcome, trace, durationMs: 80 },
    models: overHttp === 'unasked' ? undefined : http(overHttp, httpTrace),
    base: base === 'unasked' ? undefined : http(base, httpTrace),
    ...rest,
  });
}

const REACHABILITY = 'network.provider_reachability';
const REFUSED: DialOutcome = { kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' };
const PROXY_407: DialOutcome = { kind: 'proxy_answered', status: 407, challenges: ['Basic'] };
const silent = (phase: 'tls' | 'http' | 'websocket', receivedBytes = 0): DialOutcome => ({
  kind: 'silent',
  hop: 'endpoint',
  phase,
  afterMs: 8_000,
  receivedBytes,
});
const broken = (phase: 'http' | 'websocket', code: string, receivedBytes = 0): DialOutcome => ({
  kind: 'broken',
  hop: 'endpoint',
  phase,
  code,
  receivedBytes,
});

// status and class · a word of the cause · a word of the remedy · id that it is a symptom of
test.each<[string, WebSocketOutcome, Row, `${'fail' | 'warning'} ${string}`, RegExp, RegExp, string?]>([
  // An answer instead of the upgrade, while HTTP works.
  [
    '200',
    answer(200),
    {},
    'warning ws_rejected',
    /ordinary request \(HTTP 200\)/,
    /supports_websockets = false in model_providers\.own/,
  ],
  ['204', answer(204), {}, 'warning ws_rejected', /ordinary request/, /upgrades/],
  [
    '200 of the provider itself, through a proxy',
    answer(200),
    { situation: ownAddress, trace: PROXIED },
    'warning ws_rejected',
    /the proxy named by HTTPS_PROXY takes no notice/,
    /allowed by the proxy named by HTTPS_PROXY/,
  ],
  [
    '301 to the same host',
    answer(301, { redirect: { origin: 'https://api.example.test', isSameOrigin: true, isSameSite: true } }),
    {},
    'warning ws_rejected',
    /another path \(HTTP 301\)/,
    /into model_providers\.own\.base_url/,
  ],
  [
    '302 to a stranger',
    answer(302, { redirect: { origin: 'https://portal.test', isSameOrigin: false, isSameSite: false } }),
    {},
    'warning ws_rejected',
    /portal\.test \(HTTP 302\)/,
    /sign in to this network/,
  ],
  ['400', answer(400), {}, 'warning ws_rejected', /declines the upgrade \(HTTP 400\)/, /upgrades/],
  [
    '426',
    answer(426),
    {},
    'warning ws_rejected',
    /asks for HTTP instead \(HTTP 426\); codex falls back/,
    /Nothing needs mending/,
  ],
  [
    '401',
    answer(401),
    {},
    'fail http_unauthorized',
    /does not accept the credential/,
    /The model list does not object.*run .*login --with-api-key/,
  ],
  [
    '401 for a login',
    answer(401, { authErrorCode: 'token_expired' }),
    { credential: { kind: 'attached', mode: 'chatgpt', source: '/home/x/.codex/auth.json' } },
    'fail http_unauthorized',
    /does not accept/,
    /codex login/,
  ],
  [
    '403 about the credential',
    answer(403, { body: { kind: 'json_error', bytes: 20, isTruncated: false } }),
    {},
    'fail http_forbidden',
    /forbids this account or key/,
    /has been given access/,
  ],
  [
    '403 about nothing, while HTTP takes the credential',
    answer(403),
    {},
    'warning http_forbidden',
    /forbidden on the way.*HTTP with the same credential works/,
    /upgrades.*falls back to HTTP/,
  ],
  [
    '401 of a provider that should want no credential',
    answer(401),
    { credential: notNeeded, http: answer(401) },
    'fail http_unauthorized',
    /turns requests without a credential away/,
    /See auth\.live/,
    'network.provider_reachability',
  ],
  [
    '401, and a model list that says nothing',
    answer(401),
    { http: answer(404) },
    'fail http_unauthorized',
    /does not accept the credential/,
    /See auth\.live/,
    'auth.live',
  ],
  [
    '403 of an edge',
    answer(403, { ...page('Attention Required! | Cloudflare'), server: 'cloudflare', cfRay: 'ray' }),
    {},
    'warning intercepted',
    /a page of Cloudflare/,
    /without VPN/,
  ],
  [
    '511 of a portal',
    answer(511, page('Hotel Wi-Fi login')),
    {},
    'warning intercepted',
    /log-in/,
    /sign in to this network/,
  ],
  [
    '404',
    answer(404),
    {},
    'warning http_not_found',
    /knows no WebSocket/,
    /Check the prefix in model_providers\.own/,
  ],
  [
    '404 of the provider itself',
    answer(404),
    { situation: ownAddress },
    'warning http_not_found',
    /knows no WebSocket/,
    /filter or firewall of this network/,
  ],
  ['407', answer(407), {}, 'warning proxy_auth', /login of a proxy/, /names a proxy in place of a provider/],
  [
    '429',
    answer(429, { retryAfterMs: 17_000 }),
    {},
    'warning http_rate_limited',
    /no more WebSockets/,
    /in 17 seconds/,
  ],
  [
    '429 for hours',
    answer(429, { retryAfterMs: 7_200_000 }),
    {},
    'warning http_rate_limited',
    /no more/,
    /in 2 hours/,
  ],
  ['500', answer(500), {}, 'warning http_server_error', /ill, not this machine.*HTTP 500/, /status page/],
  [
    '503 of a local server',
    answer(503),
    { situation: { ...configured, isLoopback: true } },
    'warning http_server_error',
    /HTTP 503/,
    /log of the server/,
  ],
  // 101, and then.
  [
    'wrong accept key',
    { kind: 'bad_upgrade', problem: 'Invalid Sec-WebSocket-Accept header' },
    {},
    'warning ws_bad_accept',
    /Sec-WebSocket-Accept/,
    /does not know WebSockets/,
  ],
  [
    'no Upgrade header',
    { kind: 'bad_upgrade', problem: 'the answer 101 has no Upgrade header' },
    {},
    'warning ws_bad_accept',
    /no Upgrade header/,
    /upgrades/,
  ],
  ['close 1000', closed(1000), {}, 'warning ws_closed_early', /at once 12 ms after.*1000/, /shut down/],
  ['close without a code', closed(1005), {}, 'warning ws_closed_early', /1005/, /Try again/],
  ['close 1008', closed(1008, 'policy'), {}, 'warning ws_closed_early', /by its policy.*1008/, /auth\.live/],
  ['close 1011', closed(1011), {}, 'warning ws_closed_early', /fault of its own/, /status page/],
  ['close 1013', closed(1013), {}, 'warning ws_closed_early', /come back later/, /overloaded/],
  ['close 1002', closed(1002), {}, 'warning ws_closed_early', /something wrong/, /Nothing was sent/],
  ['close 4401', closed(4401), {}, 'warning ws_closed_early', /by its policy/, /auth\.live/],
  ['close 4999', closed(4999), {}, 'warning ws_closed_early', /4999/, /documentation of api\.example\.test/],
  [
    'reset after 101',
    { kind: 'dropped', upgrade, code: 'ECONNRESET', afterMs: 3 },
    {},
    'warning ws_closed_early',
    /breaks 3 ms/,
    /lets the handshake pass/,
  ],
  [
    'end after 101',
    { kind: 'dropped', upgrade, code: 'closed', afterMs: 3 },
    {},
    'warning ws_closed_early',
    /ends 3 ms/,
    /lets the handshake pass/,
  ],
  [
    'garbage after 101',
    { kind: 'malformed_frame', upgrade, code: 'WS_ERR_INVALID_OPCODE', afterMs: 3 },
    {},
    'warning protocol',
    /no WebSocket/,
    /upgrades/,
  ],
  // No answer, while HTTP works.
  [
    'reset',
    broken('websocket', 'ECONNRESET'),
    {},
    'warning reset',
    /is reset.*, while HTTPS works/,
    /upgrades/,
  ],
  [
    'reset behind a proxy',
    broken('websocket', 'ECONNRESET'),
    { situation: ownAddress, trace: PROXIED },
    'warning reset',
    /through the proxy of HTTPS_PROXY is reset/,
    /allowed by the proxy named by HTTPS_PROXY/,
  ],
  [
    'closed without a word',
    broken('websocket', 'closed'),
    {},
    'warning closed',
    /closed without a word/,
    /upgrades/,
  ],
  ['silence', silent('websocket'), {}, 'warning timeout', /does not answer, while HTTPS works/, /upgrades/],
  [
    'silence for longer than a limit of the user',
    silent('websocket'),
    {
      provider: {
        id: 'own',
        name: 'Own',
        origin: 'configured',
        supportsWebsockets: true,
        websocketConnectTimeoutMs: 900,
      },
      timeLimitMs: 900,
    },
    'warning timeout',
    /does not answer/,
    /raise websocket_connect_timeout_ms of model_providers\.own \(900\)/,
  ],
  [
    'silence in the middle of the head',
    silent('websocket', 40),
    {},
    'warning timeout',
    /stops in the middle of the head, while HTTPS works/,
    /upgrades/,
  ],
  [
    'an end in the middle of the head',
    broken('websocket', 'closed', 40),
    {},
    'warning closed',
    /ends in the middle of the answer/,
    /upgrades/,
  ],
  [
    'not HTTP, of a server that speaks HTTP otherwise',
    { kind: 'not_http', hop: 'endpoint', code: 'HPE_INVALID_CONSTANT' },
    {},
    'warning protocol',
    /answers the upgrade with something that is not HTTP, while HTTPS works/,
    /upgrades/,
  ],
  [
    'no proxy at the address of the proxy',
    { kind: 'not_http', hop: 'proxy', code: 'HPE_INVALID_CONSTANT' },
    { trace: PROXIED },
    'warning protocol',
    /the proxy of HTTPS_PROXY does not speak HTTP/,
    /Correct HTTPS_PROXY/,
  ],
  [
    'not HTTP for anybody',
    { kind: 'not_http', hop: 'endpoint', code: 'HPE_INVALID_CONSTANT' },
    { http: { kind: 'not_http', hop: 'endpoint', code: 'HPE_INVALID_CONSTANT' } },
    'fail protocol',
    /does not speak HTTP/,
    /another service/,
    REACHABILITY,
  ],
  [
    'a proxy that HTTP does not go through',
    { kind: 'proxy_answered', status: 403, challenges: [] },
    { trace: { ...DIRECT, proxy: { ...PROXIED.proxy!, variable: 'HTTP_PROXY' } }, httpTrace: DIRECT },
    'warning proxy_refused',
    /while HTTPS works without a proxy/,
    /Send both the same way: network\.env/,
    'network.env',
  ],
  [
    'a proxy value that only HTTP takes',
    { kind: 'proxy_unusable', variable: 'HTTPS_PROXY', problem: 'the WebSocket client takes no https proxy' },
    {},
    'warning invalid_value',
    /HTTPS works/,
    /falls back to HTTP/,
    'network.env',
  ],
  // HTTP fails as well.
  [
    'both refused',
    REFUSED,
    { http: REFUSED },
    'fail refused',
    /refused/,
    /port in model_providers/,
    REACHABILITY,
  ],
  [
    'both behind a 407',
    PROXY_407,
    { http: PROXY_407, trace: PROXIED },
    'fail proxy_auth',
    /asks for a login/,
    /percent-encoded/,
    REACHABILITY,
  ],
  [
    'both with an untrusted certificate',
    { kind: 'tls_failed', hop: 'endpoint', code: 'SELF_SIGNED_CERT_IN_CHAIN' },
    { http: { kind: 'tls_failed', hop: 'endpoint', code: 'SELF_SIGNED_CERT_IN_CHAIN' } },
    'fail tls_untrusted',
    /not trusted/,
    /CODEX_CA_CERTIFICATE/,
    REACHABILITY,
  ],
  [
    'both unresolved',
    { kind: 'unresolved', hop: 'endpoint', code: 'ENOTFOUND' },
    { http: { kind: 'unresolved', hop: 'endpoint', code: 'ENOTFOUND' } },
    'fail dns',
    /No address/,
    /spelling/,
    REACHABILITY,
  ],
  [
    'both silent, in phases of their own',
    silent('websocket'),
    { http: silent('http') },
    'fail timeout',
    /does not answer/,
    /overloaded or stuck/,
    REACHABILITY,
  ],
  [
    'both reset, in phases of their own',
    broken('websocket', 'ECONNRESET'),
    { http: broken('http', 'ECONNRESET') },
    'fail reset',
    /is reset/,
    /another network/,
    REACHABILITY,
  ],
  [
    'both 401',
    answer(401),
    { http: answer(401), base: answer(200) },
    'fail http_unauthorized',
    /does not accept/,
    /run .*login --with-api-key/,
    REACHABILITY,
  ],
  [
    'both 404',
    answer(404),
    { http: answer(404), base: answer(200) },
    'fail http_not_found',
    /knows no WebSocket/,
    /Check the prefix/,
    REACHABILITY,
  ],
  [
    'both 429',
    answer(429),
    { http: answer(429), base: answer(200) },
    'warning http_rate_limited',
    /no more/,
    /Try again later/,
    REACHABILITY,
  ],
  [
    'both 503',
    answer(503),
    { http: answer(503) },
    'fail http_server_error',
    /ill/,
    /status page/,
    REACHABILITY,
  ],
  [
    '500, and HTTP alone is well at its base',
    answer(500),
    { http: answer(500), base: answer(200) },
    'warning http_server_error',
    /ill/,
    /status page/,
    REACHABILITY,
  ],
  [
    'another fault than over HTTP',
    broken('websocket', 'ECONNRESET'),
    { http: REFUSED },
    'fail reset',
    /is reset/,
    /another network/,
  ],
  [
    'a fault beside a page of an edge',
    broken('websocket', 'closed'),
    { http: answer(403, page('Just a moment...')) },
    'fail closed',
    /closed/,
    /another network/,
  ],
  [
    'a fault, and nobody asked over HTTP',
    REFUSED,
    { http: 'unasked' },
    'warning refused',
    /refused/,
    /port in/,
  ],
  [
    'a bundle that cannot be used',
    { kind: 'trust_unusable', error: CA_ERROR },
    { http: { kind: 'trust_unusable', error: CA_ERROR } },
    'fail malformed',
    /holds no certificate/,
    /unset it/,
    'network.ca',
  ],
  [
    'a request that cannot be written',
    { kind: 'unsendable', problem: 'the header "x" has no value' },
    { http: { kind: 'unsendable', problem: 'the header "x" has no value' } },
    'fail invalid_value',
    /"x"/,
    /headers of the provider/,
    'network.env',
  ],
])('%s', (_title, outcome, row, verdict, cause, remedy, causedBy) => {
  const judged = judge(outcome, row);
  const [issue] = judged.issues;
  expect(judged.issues).toHaveLength(1);
  expect(`${issue?.severity} ${issue?.failure?.class}`).toBe(verdict);
  expect(issue?.cause).toMatch(cause);
  expect(issue?.remedy).toMatch(remedy);
  expect(judged.causedBy).toBe(causedBy);
  expect(issue?.measured).not.toBe('');
  for (const field of issue?.fields ?? []) expect(Object.keys(judged.details)).toContain(field);
});

test.each([401, 403])('%i without a credential is a route that wants a login', (status) => {
  const verdict = judge(answer(status), { credential: unattached, http: answer(status) });
  expect(verdict).toMatchObject({
    kind: 'judged',
    issues: [],
    summary: `the route answers and wants a login (HTTP ${status})`,
  });
  expect(verdict.details).toMatchObject({ 'auth mode': 'none', 'credential sent': 'no: none' });
});

test('an open WebSocket tells all that the agent reads of it, as typed values', () => {
  const verdict = judge({ kind: 'upgraded', upgrade });
  expect(verdict).toMatchObject({
    issues: [],
    summary: 'connected (HTTP 101 Switching Protocols) · 15s timeout',
  });
  expect(verdict.causedBy).toBeUndefined();
  expect(verdict.details).toMatchObject({
    'model provider': 'own',
    'provider name': 'Own',
    'wire API': 'responses',
    'supports websockets': true,
    'proxy for websocket': 'none',
    'connect timeout ms': 15_000,
    'probe time limit ms': 8_000,
    'auth mode': 'api_key',
    'credential sent': 'yes, from /home/x/.codex/auth.json',
    endpoint: 'wss://api.example.test/v1/responses',
    DNS: '1 IPv4, 0 IPv6',
    'first IP family': 'IPv4',
    'handshake result': 'HTTP 101 Switching Protocols',
    'upgrade ms': 25,
    extensions: 'permessage-deflate',
    'observation window ms': 500,
    'reasoning header': true,
    'server model present': true,
    'models etag present': false,
    'HTTP and WebSocket': 'HTTPS and WebSocket both get through',
  });
});

test('a close frame is told with code, reason and time; the reason cannot drive a terminal', () => {
  const { details, issues } = judge(closed(4401, `no\u001b[2J${'x'.repeat(200)}`));
  expect(details).toMatchObject({ 'close code': 4401, 'close after ms': 12 });
  expect(details['close reason']).toMatch(/^no\\u001b\[2Jx+$/);
  expect(String(details['close reason'])).toHaveLength(120);
  expect(issues[0]?.failure).toMatchObject({ closeCode: 4401, phase: 'websocket' });
  expect(JSON.stringify(issues)).not.toContain('\u001b');
});

test('a failure keeps what a support engineer asks for', () => {
  const { issues, details } = judge(answer(503, { requestId: 'req_1', cfRay: 'ray_1', retryAfterMs: 2_000 }));
  expect(issues[0]?.failure).toMatchObject({
    httpStatus: 503,
    requestId: 'req_1',
    cfRay: 'ray_1',
    retryAfterMs: 2_000,
  });
  expect(details).toMatchObject({
    'handshake result': 'HTTP 503',
    'request id': 'req_1',
    'retry after ms': 2_000,
  });
});

test('a limit of ours that is shorter than the agent’s own is told', () => {
  expect(judge(silent('websocket')).issues[0]?.measured).toMatch(/; codex waits 15000 ms$/);
});

test.each<[string, WebSocketOutcome, Row, string | undefined]>([
  ['both', { kind: 'upgraded', upgrade }, {}, 'HTTPS and WebSocket both get through'],
  [
    'plain',
    { kind: 'upgraded', upgrade },
    { endpoint: 'ws://box/v1' },
    'HTTP and WebSocket both get through',
  ],
  [
    'WebSocket alone',
    { kind: 'upgraded', upgrade },
    { http: REFUSED },
    'WebSocket gets through, HTTPS fails (refused)',
  ],
  ['nobody asked', { kind: 'upgraded', upgrade }, { http: 'unasked' }, undefined],
  [
    'a proxy hop',
    PROXY_407,
    { trace: PROXIED, http: answer(200) },
    'HTTPS works, WebSocket is blocked by the proxy named by HTTPS_PROXY',
  ],
  [
    'behind a proxy',
    broken('websocket', 'closed'),
    { situation: ownAddress, trace: PROXIED },
    'HTTPS works, WebSocket is blocked by the proxy named by HTTPS_PROXY',
  ],
  [
    'behind a proxy, at an address of the user',
    broken('websocket', 'closed'),
    { trace: PROXIED },
    'HTTPS works, WebSocket is blocked by the proxy named by HTTPS_PROXY, or the server at api.example.test',
  ],
  [
    'no proxy',
    broken('websocket', 'closed'),
    { situation: ownAddress },
    'HTTPS works, WebSocket is blocked by a filter or firewall of this network',
  ],
  ['a port', REFUSED, {}, 'HTTPS works, WebSocket fails on the way to api.example.test'],
  ['the server', answer(426), {}, 'HTTPS works, WebSocket is blocked by api.example.test'],
  [
    'a setting',
    { kind: 'proxy_unusable', variable: 'HTTPS_PROXY', problem: 'x' },
    {},
    'HTTPS works, WebSocket is stopped by a setting, see network.env',
  ],
  ['alike', REFUSED, { http: REFUSED }, 'HTTPS and WebSocket fail alike (refused)'],
  [
    'each in its way',
    broken('websocket', 'ECONNRESET'),
    { http: REFUSED },
    'both fail: HTTPS with refused, WebSocket with reset',
  ],
])('side by side with HTTP: %s', (_title, outcome, row, expected) =>
  expect(judge(outcome, row).details['HTTP and WebSocket']).toBe(expected),
);

const overBoth = (durationMs: number, state: 'failed' | 'pending', code?: string): DialTrace => ({
  ...DIRECT,
  connect: {
    port: 443,
    durationMs,
    attempts: [
      { address: '2001:db8::1', family: 6, state, durationMs, ...(code !== undefined && { code }) },
      { address: '192.0.2.1', family: 4, state: 'connected', durationMs: 9 },
    ],
  },
});

test.each<[string, DialTrace, string | undefined]>([
  ['hangs', overBoth(300, 'pending'), 'timeout'],
  ['fails late', overBoth(3_000, 'failed', 'EHOSTUNREACH'), 'unreachable'],
  ['fails at once', overBoth(1, 'failed', 'ENETUNREACH'), undefined],
])('IPv6 that %s while IPv4 works', (_title, trace, failureClass) => {
  const verdict = judge({ kind: 'upgraded', upgrade }, { trace });
  expect(verdict.issues.map(({ severity, failure }) => [severity, failure?.class])).toEqual(
    failureClass === undefined ? [] : [['warning', failureClass]],
  );
});

test('a provider without WebSocket has nothing to judge; an unknown one is for config.load', () => {
  const provider = {
    id: 'ollama',
    name: 'gpt-oss',
    origin: 'built-in',
    supportsWebsockets: false,
    websocketConnectTimeoutMs: 15_000,
  } as const;
  expect(check.judge({ kind: 'unsupported', provider })).toMatchObject({
    kind: 'idle',
    summary: 'not enabled for the active provider',
    details: { 'supports websockets': false },
  });
  expect(check.judge({ kind: 'unasked', reason: { kind: 'unknown_provider', id: 'nope' } })).toMatchObject({
    kind: 'skipped',
    skippedBecause: 'config.load',
  });
});

const KEY = 'sk-canary-abcdef0123456789';

async function examine(
  config: string,
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Verdict> {
  const home = temporaryHome({ 'config.toml': config });
  const seen = await check.probe(testContext({ home, offline: false, env: { LAB_KEY: KEY, ...env } }));
  const plain = structuredClone(seen);
  const verdict = check.judge(plain);
  expect(JSON.stringify([plain, verdict])).not.toContain(KEY);
  return verdict;
}

const providerAt = (baseUrl: string, more = ''): string => `model_provider = "lab"
[model_providers.lab]
name = "Lab"
base_url = "${baseUrl}"
env_key = "LAB_KEY"
supports_websockets = true
${more}`;

const models = { answer: { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' } };
const withUpgrade = (step: Step): Readonly<Record<string, Step>> => ({
  'HEAD /v1': { answer: { status: 404 } },
  'GET /v1/models': models,
  'UPGRADE /v1/responses': step,
});

test('a real upgrade carries the credential of the agent and sends no frame', async () => {
  await using server = await startFaultServer(withUpgrade({ upgrade: {} }));
  const verdict = await examine(providerAt(server.url('/v1')));
  expect(verdict.issues).toEqual([]);
  expect(verdict.summary).toBe('connected (HTTP 101 Switching Protocols) · 15s timeout');
  expect(verdict.details).toMatchObject({
    endpoint: server.url('/v1/responses', 'ws'),
    'auth mode': 'provider',
    extensions: 'permessage-deflate',
    'HTTP and WebSocket': 'HTTP and WebSocket both get through',
  });
  const upgrades = server.requests.filter(({ isUpgrade }) => isUpgrade);
  expect(upgrades).toMatchObject([
    {
      url: '/v1/responses',
      headers: {
        authorization: `Bearer ${KEY}`,
        'openai-beta': 'responses_websockets=2026-02-06',
        'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
      },
    },
  ]);
});

test.each<[string, Step, string]>([
  ['426', { answer: { status: 426 } }, 'warning ws_rejected'],
  ['401', { answer: { status: 401 } }, 'fail http_unauthorized'],
  ['no Upgrade header', { upgrade: { protocol: 'omit_upgrade_header' } }, 'warning ws_bad_accept'],
  ['a wrong accept key', { upgrade: { accept: 'wrong' } }, 'warning ws_bad_accept'],
  [
    'a close 1008 after 400 ms',
    { upgrade: { then: { close: 1008, reason: 'policy', afterMs: 400 } } },
    'warning ws_closed_early',
  ],
  ['a reset after 101', { upgrade: { then: { drop: 'reset', afterMs: 20 } } }, 'warning ws_closed_early'],
  ['garbage after 101', { upgrade: { then: { raw: Buffer.from('<html>') } } }, 'warning protocol'],
  ['a reset', 'reset', 'warning reset'],
  ['half a head', { raw: 'HTTP/1.1 101 Switch', then: 'stay' }, 'warning timeout'],
])('of a real server: %s', async (_title, step, expected) => {
  await using server = await startFaultServer(withUpgrade(step));
  const verdict = await examine(providerAt(server.url('/v1'), 'websocket_connect_timeout_ms = 900'));
  const [issue] = verdict.issues;
  expect(`${issue?.severity} ${issue?.failure?.class}`).toBe(expected);
});

test('a proxy that HTTP does not go through is named, with the setting that divides the two', async () => {
  await using proxy = await startFaultProxy({ behaviour: { status: 403 } });
  await using server = await startFaultServer(withUpgrade({ upgrade: {} }));
  const verdict = await examine(providerAt(`http://127.0.0.1:${server.port}/v1`), {
    // The HTTP client alone reads a range of addresses.
    env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.0/8' },
  });
  expect(verdict.issues[0]?.failure).toMatchObject({ class: 'proxy_refused', httpStatus: 403 });
  expect(verdict.issues[0]?.cause).toMatch(/while HTTP works without a proxy$/);
  expect(verdict.causedBy).toBe('network.env');
});

test('a proxy that forwards plain HTTP and opens no tunnel is the hop that blocks', async () => {
  await using proxy = await startFaultProxy({ behaviour: { status: 403 } });
  await using server = await startFaultServer(withUpgrade({ upgrade: {} }));
  const verdict = await examine(providerAt(server.url('/v1')), { env: { HTTP_PROXY: proxy.url } });
  expect(verdict.details['HTTP and WebSocket']).toBe(
    'HTTP works, WebSocket is blocked by the proxy named by HTTP_PROXY',
  );
  expect(verdict.causedBy).toBeUndefined();
});

test('nobody is asked where the provider has no WebSocket or is not known', async () => {
  expect(await examine('model_provider = "ollama"')).toMatchObject({ kind: 'idle' });
  expect(await examine('model_provider = "nope"')).toMatchObject({ skippedBecause: 'config.load' });
});
