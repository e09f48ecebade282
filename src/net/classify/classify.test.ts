import { expect, test } from 'vitest';
import type { DialTrace } from '../dial/trace.ts';
import type { NetworkFailure } from '../failure.ts';
import type { HttpAnswer, HttpOutcome, UpgradeFacts, WebSocketOutcome } from '../outcome.ts';
import { classify } from './classify.ts';

const upgrade: UpgradeFacts = {
  status: 101,
  durationMs: 3,
  extensions: '',
  requestId: 'req_1',
  hasReasoningHeader: false,
  hasServerModel: false,
  hasModelsEtag: false,
};
const empty: HttpAnswer['body'] = { kind: 'empty', bytes: 0, isTruncated: false };
const html = (title?: string): HttpAnswer['body'] => ({
  kind: 'html',
  bytes: 200,
  isTruncated: false,
  ...(title !== undefined && { title }),
});
const json: HttpAnswer['body'] = { kind: 'json', bytes: 2, isTruncated: false };

const answered = (status: number, more: Partial<HttpAnswer> = {}): HttpOutcome => ({
  kind: 'answered',
  answer: { status, httpVersion: '1.1', challenges: [], body: empty, ...more },
});

const trace: DialTrace = {
  totalMs: 1,
  proxy: { variable: 'HTTPS_PROXY', scheme: 'http', hasCredentials: false, durationMs: 1 },
};

function failureOf(outcome: HttpOutcome | WebSocketOutcome, as: 'http' | 'websocket'): NetworkFailure {
  const meaning = classify(outcome, as, trace);
  if (meaning.kind !== 'failed') throw new Error(`expected a failure and got ${meaning.kind}`);
  return meaning.failure;
}

test.each<[HttpOutcome | WebSocketOutcome, string, string, string]>([
  [{ kind: 'unresolved', hop: 'endpoint', code: 'ENOTFOUND' }, 'dns', 'resolve', 'the name of the endpoint'],
  [
    { kind: 'unresolved', hop: 'proxy', code: 'EAI_AGAIN' },
    'dns',
    'resolve',
    'the proxy named by HTTPS_PROXY',
  ],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' }, 'refused', 'connect', 'ECONNREFUSED'],
  [{ kind: 'unconnected', hop: 'proxy', code: 'ECONNREFUSED' }, 'refused', 'connect', 'the proxy named by'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'ECONNRESET' }, 'reset', 'connect', 'reset'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'EHOSTUNREACH' }, 'unreachable', 'connect', 'no address'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'ENETUNREACH' }, 'unreachable', 'connect', 'no address'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'EPERM' }, 'unreachable', 'connect', 'does not allow'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'ETIMEDOUT' }, 'timeout', 'connect', 'does not answer'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'closed' }, 'closed', 'connect', 'closed'],
  [{ kind: 'unconnected', hop: 'endpoint', code: 'EWHATEVER' }, 'unreachable', 'connect', 'EWHATEVER'],
  [{ kind: 'proxy_answered', status: 407, challenges: [] }, 'proxy_auth', 'proxy', 'asks for credentials'],
  [{ kind: 'proxy_answered', status: 401, challenges: [] }, 'proxy_auth', 'proxy', 'does not take'],
  [{ kind: 'proxy_answered', status: 403, challenges: [] }, 'proxy_refused', 'proxy', 'refuses a tunnel'],
  [{ kind: 'proxy_answered', status: 502, challenges: [] }, 'proxy_refused', 'proxy', 'cannot reach'],
  [{ kind: 'proxy_rejected', reply: 'AuthenticationFailed' }, 'proxy_auth', 'proxy', 'the credentials'],
  [{ kind: 'proxy_rejected', reply: 'NoAcceptableMethods' }, 'proxy_auth', 'proxy', 'asks for credentials'],
  [{ kind: 'proxy_rejected', reply: 'NotSocks' }, 'protocol', 'protocol', 'is not SOCKS'],
  [{ kind: 'proxy_rejected', reply: 'NotAllowed' }, 'proxy_refused', 'proxy', 'NotAllowed'],
  [{ kind: 'silent', hop: 'endpoint', phase: 'resolve', afterMs: 9 }, 'timeout', 'resolve', 'look-up'],
  [{ kind: 'silent', hop: 'endpoint', phase: 'connect', afterMs: 9 }, 'timeout', 'connect', 'within 9 ms'],
  [{ kind: 'silent', hop: 'endpoint', phase: 'tls', afterMs: 9 }, 'timeout', 'tls', 'TLS handshake'],
  [{ kind: 'silent', hop: 'proxy', phase: 'proxy', afterMs: 9 }, 'timeout', 'proxy', 'HTTPS_PROXY'],
  [{ kind: 'silent', hop: 'endpoint', phase: 'http', afterMs: 9 }, 'timeout', 'http', 'did not answer it'],
  [
    { kind: 'silent', hop: 'endpoint', phase: 'http', afterMs: 9, receivedBytes: 20 },
    'timeout',
    'http',
    'did not end its head',
  ],
  [{ kind: 'silent', hop: 'endpoint', phase: 'websocket', afterMs: 9 }, 'timeout', 'websocket', 'upgrade'],
  [{ kind: 'broken', hop: 'endpoint', phase: 'tls', code: 'ECONNRESET' }, 'reset', 'tls', 'TLS handshake'],
  [{ kind: 'broken', hop: 'endpoint', phase: 'http', code: 'closed' }, 'closed', 'http', 'closed the'],
  [{ kind: 'broken', hop: 'endpoint', phase: 'http', code: 'EPIPE' }, 'reset', 'http', 'EPIPE'],
  [{ kind: 'broken', hop: 'endpoint', phase: 'http', code: 'GOAWAY' }, 'closed', 'http', 'GOAWAY'],
  [{ kind: 'broken', hop: 'proxy', phase: 'proxy', code: 'closed' }, 'closed', 'proxy', 'HTTPS_PROXY'],
  [
    { kind: 'broken', hop: 'endpoint', phase: 'websocket', code: 'ECONNRESET', receivedBytes: 8 },
    'reset',
    'websocket',
    'in the middle of the head',
  ],
  [
    { kind: 'not_http', hop: 'endpoint', code: 'HPE_INVALID_CONSTANT' },
    'protocol',
    'protocol',
    'is not HTTP',
  ],
  [{ kind: 'bad_upgrade', problem: 'no key' }, 'ws_bad_accept', 'websocket', 'no key'],
  [
    { kind: 'closed', upgrade, closeCode: 1008, reason: 'secret', afterMs: 4 },
    'ws_closed_early',
    'websocket',
    '(1008, policy violation)',
  ],
  [
    { kind: 'closed', upgrade, closeCode: 4001, reason: '', afterMs: 4 },
    'ws_closed_early',
    'websocket',
    '(4001)',
  ],
  [
    { kind: 'dropped', upgrade, code: 'ECONNRESET', afterMs: 4 },
    'ws_closed_early',
    'websocket',
    'without a close frame',
  ],
  [
    { kind: 'malformed_frame', upgrade, code: 'WS_ERR_INVALID_OPCODE', afterMs: 4 },
    'protocol',
    'protocol',
    'no WebSocket frame',
  ],
])('%j is %s in phase %s', (outcome, failureClass, phase, message) => {
  const failure = failureOf(outcome, 'websocket');
  expect(failure).toMatchObject({ class: failureClass, phase });
  expect(failure.message).toContain(message);
  expect(failure.message).toMatch(/^[a-z].*[^.]$/s);
  expect(failure.message).not.toContain('secret');
});

test.each([
  ['CERT_HAS_EXPIRED', 'tls_expired'],
  ['CERT_NOT_YET_VALID', 'tls_expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_hostname'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls_untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_untrusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_untrusted'],
  ['CERT_REVOKED', 'tls_untrusted'],
  ['INVALID_PURPOSE', 'tls_untrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_other'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_other'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls_other'],
  ['EPROTO', 'tls_other'],
])('a handshake that ends with %s is %s', (code, failureClass) => {
  for (const hop of ['endpoint', 'proxy'] as const)
    expect(failureOf({ kind: 'tls_failed', hop, code }, 'http')).toMatchObject({
      class: failureClass,
      phase: 'tls',
      code,
    });
});

const stranger = { origin: 'http://portal.example', isSameOrigin: false, isSameSite: false };
const sibling = { origin: 'https://www.example.com', isSameOrigin: false, isSameSite: true };
const CLOUDFLARE = { server: 'cloudflare', cfRay: '8a1-FRA' };

// Class for an ordinary request, class for an upgrade; undefined is no failure.
test.each<[number, Partial<HttpAnswer>, string | undefined, string]>([
  [200, {}, undefined, 'ws_rejected'],
  [200, { body: json }, undefined, 'ws_rejected'],
  [204, {}, undefined, 'ws_rejected'],
  [400, {}, 'http_other', 'ws_rejected'],
  [401, {}, 'http_unauthorized', 'http_unauthorized'],
  [403, {}, 'http_forbidden', 'http_forbidden'],
  [404, {}, 'http_not_found', 'http_not_found'],
  [405, {}, 'http_other', 'ws_rejected'],
  [407, {}, 'proxy_auth', 'proxy_auth'],
  [407, { body: html('Zscaler') }, 'proxy_auth', 'proxy_auth'],
  [426, {}, 'http_other', 'ws_rejected'],
  [429, {}, 'http_rate_limited', 'http_rate_limited'],
  [500, {}, 'http_server_error', 'http_server_error'],
  [503, {}, 'http_server_error', 'http_server_error'],
  [304, {}, 'http_other', 'ws_rejected'],
  [301, { redirect: sibling }, 'http_other', 'ws_rejected'],
  [302, { redirect: stranger }, 'intercepted', 'ws_rejected'],
  [511, { body: html('Log in') }, 'intercepted', 'intercepted'],
  [511, {}, 'intercepted', 'intercepted'],
  // Every answer of a provider behind an edge has that edge's headers.
  [200, { ...CLOUDFLARE, body: json }, undefined, 'ws_rejected'],
  [401, { ...CLOUDFLARE, body: json }, 'http_unauthorized', 'http_unauthorized'],
  [403, { ...CLOUDFLARE, body: json }, 'http_forbidden', 'http_forbidden'],
  [403, { ...CLOUDFLARE }, 'http_forbidden', 'http_forbidden'],
  [403, { ...CLOUDFLARE, body: html('403 Forbidden') }, 'http_forbidden', 'http_forbidden'],
  [
    502,
    { ...CLOUDFLARE, body: html('api.example.com | 502: Bad gateway') },
    'http_server_error',
    'http_server_error',
  ],
  [404, { ...CLOUDFLARE, body: html() }, 'http_not_found', 'http_not_found'],
  [
    429,
    { ...CLOUDFLARE, body: html('Access denied | x used Cloudflare to restrict access') },
    'http_rate_limited',
    'http_rate_limited',
  ],
  // Pages of the edge itself.
  [403, { ...CLOUDFLARE, body: html() }, 'intercepted', 'intercepted'],
  [403, { ...CLOUDFLARE, body: html('Attention Required! | Cloudflare') }, 'intercepted', 'intercepted'],
  [503, { ...CLOUDFLARE, body: html('Just a moment...') }, 'intercepted', 'intercepted'],
  [403, { ...CLOUDFLARE, cfMitigated: 'challenge' }, 'intercepted', 'intercepted'],
  [403, { server: 'AkamaiGHost', body: html('Access Denied') }, 'intercepted', 'intercepted'],
  [
    403,
    { server: 'CloudFront', body: html('ERROR: The request could not be satisfied') },
    'intercepted',
    'intercepted',
  ],
  // Pages of a company's filter or a guest network.
  [403, { server: 'Zscaler/6.2', body: html() }, 'intercepted', 'intercepted'],
  [200, { body: html('Web Filter Violation') }, 'intercepted', 'intercepted'],
  [403, { body: html('Access blocked by policy - Web site blocked') }, 'intercepted', 'intercepted'],
  [
    503,
    { server: 'squid/6.6', body: html('ERROR: The requested URL could not be retrieved') },
    'intercepted',
    'intercepted',
  ],
  [200, { body: html('Guest Wi-Fi login') }, 'intercepted', 'intercepted'],
  // A page that says nothing of who sent it: no API, and no more than that.
  [200, { body: html('Welcome') }, 'intercepted', 'ws_rejected'],
  // A web server's own pages.
  [403, { server: 'nginx', body: html('403 Forbidden') }, 'http_forbidden', 'http_forbidden'],
  [404, { server: 'nginx', body: html('404 Not Found') }, 'http_not_found', 'http_not_found'],
  [502, { server: 'nginx', body: html('502 Bad Gateway') }, 'http_server_error', 'http_server_error'],
  [401, { server: 'Apache', body: html('401 Unauthorized') }, 'http_unauthorized', 'http_unauthorized'],
])('%d with %j is %s, and %s for an upgrade', (status, more, ofHttp, ofUpgrade) => {
  const meaning = classify(answered(status, more), 'http', trace);
  expect(meaning.kind === 'failed' ? meaning.failure.class : undefined).toBe(ofHttp);
  expect(failureOf(answered(status, more), 'websocket')).toMatchObject({
    class: ofUpgrade,
    httpStatus: status,
  });
});

// LM Studio answers so at every address that it does not know.
test('an error is one whatever the status says', () => {
  const body = { ...json, kind: 'json_error', errorCode: 'invalid_key' } as const;
  expect(failureOf(answered(200, { body }), 'http')).toMatchObject({
    class: 'http_other',
    phase: 'http',
    httpStatus: 200,
    code: 'invalid_key',
    message: expect.stringContaining('(HTTP 200, invalid_key)'),
  });
});

test('a failure carries what support asks for and what a client waits for', () => {
  const outcome = answered(429, {
    requestId: 'req_2',
    cfRay: '8a1-FRA',
    retryAfterMs: 3_000,
    authErrorCode: 'token_expired',
    body: { ...json, kind: 'json_error', errorCode: 'rate_limit_exceeded' },
  });
  expect(failureOf(outcome, 'http')).toEqual({
    class: 'http_rate_limited',
    phase: 'http',
    httpStatus: 429,
    code: 'token_expired',
    requestId: 'req_2',
    cfRay: '8a1-FRA',
    retryAfterMs: 3_000,
    message: 'the endpoint takes no more requests for now (HTTP 429, token_expired)',
  });
  expect(
    failureOf({ kind: 'closed', upgrade, closeCode: 1011, reason: '', afterMs: 2 }, 'websocket'),
  ).toMatchObject({ closeCode: 1011, requestId: 'req_1' });
});

test('a proxy is named by its variable where it is known', () => {
  const outcome: HttpOutcome = { kind: 'proxy_answered', status: 407, challenges: [] };
  expect(failureOf(outcome, 'http').message).toBe(
    'the proxy named by HTTPS_PROXY asks for credentials (HTTP 407)',
  );
  expect(classify(outcome, 'http')).toMatchObject({
    failure: { message: 'the proxy asks for credentials (HTTP 407)' },
  });
});

test('faults of a file, a setting or the request are no faults of the network', () => {
  const error = {
    kind: 'unreadable',
    variable: 'SSL_CERT_FILE',
    path: '/ca.pem',
    message: '',
    remedy: '',
  } as const;
  expect(classify({ kind: 'trust_unusable', error }, 'http')).toEqual({ kind: 'bad_trust', error });
  const proxy = { variable: 'HTTP_PROXY', problem: 'it names no host' };
  expect(classify({ kind: 'proxy_unusable', ...proxy }, 'http')).toEqual({ kind: 'bad_proxy', ...proxy });
  const problem = 'the address cannot be read as a URL';
  expect(classify({ kind: 'unsendable', problem }, 'http')).toEqual({ kind: 'bad_request', problem });
  expect(classify({ kind: 'upgraded', upgrade }, 'websocket')).toEqual({ kind: 'fine' });
});
