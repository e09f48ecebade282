import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { Step } from '../../fixtures/lab/fault-server.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { answered, unanswered } from '../../fixtures/observations.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { HttpObservation } from '../../src/net/network.ts';
import type { DialTrace } from '../../src/net/dial/trace.ts';
import check from './provider_reachability.ts';
import type { ReachabilityEvidence } from './provider_reachability/evidence.ts';
import { ipv6Issue } from './provider_reachability/ipv6-issue.ts';

type Given = Partial<Omit<ReachabilityEvidence, 'situation'>> & {
  readonly situation?: Partial<ReachabilityEvidence['situation']>;
};

const bare = answered(404, { body: { kind: 'empty' } });
const listed = answered(200);

function judge({ situation, ...given }: Given): Verdict {
  return check.judge({
    kind: 'asked',
    situation: {
      agent: 'Codex',
      host: 'api.example.com',
      isLoopback: false,
      addressSource: 'model_providers.own.base_url',
      caVariables: ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'],
      startCommand: undefined,
      ...situation,
    },
    providerId: 'own',
    hasModelList: true,
    mode: 'provider auth',
    urls: { base: 'https://api.example.com/v1', models: 'https://api.example.com/v1/models' },
    flaw: undefined,
    loginCommand: 'codex login',
    credential: { kind: 'attached', mode: 'provider', source: 'OWN_KEY' },
    base: bare,
    models: listed,
    inferenceIsOpen: false,
    ...given,
  });
}

const outcome = ({ kind, issues, causedBy }: Verdict): string =>
  kind === 'judged'
    ? [
        issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok',
        ...(causedBy === undefined ? [] : [`by ${causedBy}`]),
      ].join(' ')
    : kind;

const html = { body: { kind: 'html' } } as const;
const notNeeded = { kind: 'unattached', mode: 'none', reason: 'not_needed' } as const;
const unattached = { kind: 'unattached', mode: 'none', reason: 'none' } as const;
const refused = unanswered({ kind: 'unconnected', hop: 'endpoint', code: 'ECONNREFUSED' });
const page = answered(403, { ...html, server: 'cloudflare', cfRay: '8f1-FRA' });
const portal = answered(302, {
  redirect: { origin: 'http://portal.invalid', isSameOrigin: false, isSameSite: false },
});

describe('what the two requests say together', () => {
  test.each<[string, Given, string]>([
    ['a model list', {}, 'ok'],
    ['a model list, whatever the bare base says', { base: answered(500) }, 'ok'],
    ['a model list beside a base that redirects', { base: portal }, 'ok'],
    [
      'a list that wants a login, and none is set up',
      { models: answered(401), credential: unattached },
      'ok',
    ],
    ['the same with 403', { models: answered(403), credential: unattached }, 'ok'],
    [
      'a list that wants a login, and the provider should want none',
      { models: answered(401), credential: notNeeded },
      'fail http_unauthorized by auth.live',
    ],
    ['a refused credential', { models: answered(401) }, 'fail http_unauthorized by auth.live'],
    ['a forbidden one', { models: answered(403) }, 'fail http_forbidden by auth.live'],
    ['a list closed to a key that may infer', { models: answered(403), inferenceIsOpen: true }, 'ok'],
    ['no such route', { models: answered(404) }, 'fail http_not_found'],
    [
      'no such route at the agent’s own address',
      { models: answered(404), situation: { addressSource: undefined } },
      'warning http_not_found',
    ],
    ['no list, and inference works', { models: answered(404), inferenceIsOpen: true }, 'ok'],
    ['no list at Azure', { models: answered(404), hasModelList: false }, 'ok'],
    [
      'no list at Azure, which is ill',
      { models: answered(404), hasModelList: false, base: answered(503) },
      'fail http_server_error',
    ],
    ['another method', { models: answered(405) }, 'ok'],
    ['a limit', { models: answered(429, { retryAfterMs: 17_000 }) }, 'warning http_rate_limited'],
    ['a broken list', { models: answered(500) }, 'warning http_server_error'],
    ['a broken provider', { models: answered(502), base: answered(502) }, 'fail http_server_error'],
    [
      'a broken list and a base without answer',
      { models: answered(503), base: refused },
      'fail http_server_error',
    ],
    ['a bad request', { models: answered(400) }, 'warning http_other'],
    [
      'an error that calls itself fine',
      { models: answered(200, { body: { kind: 'json_error', bytes: 9, isTruncated: false } }) },
      'warning http_other',
    ],
    ['an upgrade wanted', { models: answered(426) }, 'warning http_other'],
    [
      'a redirect of the list',
      {
        models: answered(301, {
          redirect: { origin: 'https://api.example.com', isSameOrigin: true, isSameSite: true },
        }),
      },
      'fail http_other',
    ],
    [
      'a redirect that the agent follows with method, body and credential',
      {
        models: answered(308, {
          redirect: { origin: 'https://api.example.com', isSameOrigin: true, isSameSite: true },
        }),
      },
      'warning http_other',
    ],
    [
      'a redirect that it follows without the credential',
      {
        models: answered(308, {
          redirect: { origin: 'https://eu.example.com', isSameOrigin: false, isSameSite: true },
        }),
      },
      'fail http_other',
    ],
    ['a portal', { base: portal, models: portal }, 'fail intercepted'],
    ['a page of an edge', { models: page }, 'fail intercepted'],
    [
      'a page of an edge is no word about the login',
      { models: page, credential: unattached },
      'fail intercepted',
    ],
    ['a page in place of a list', { models: answered(200, html) }, 'fail intercepted'],
    ['407 from the endpoint', { models: answered(407), base: answered(407) }, 'fail proxy_auth'],
    ['407 and no list to ask', { models: undefined, base: answered(407) }, 'fail proxy_auth'],
    ['a bare base and no list to ask', { models: undefined }, 'ok'],
    ['a portal and no list to ask', { models: undefined, base: portal }, 'fail intercepted'],
    ['both refused', { base: refused, models: refused }, 'fail refused'],
    ['a list that is not reached', { models: refused }, 'fail refused'],
    ['a HEAD that is not answered', { base: refused }, 'warning refused'],
    ['a HEAD that is not answered, and no list', { base: refused, models: undefined }, 'fail refused'],
    [
      'a HEAD that is not answered beside a refused credential',
      { base: refused, models: answered(401) },
      'fail http_unauthorized by auth.live',
    ],
  ])('%s', (_name, given, expected) => expect(outcome(judge(given))).toBe(expected));
});

const caError = {
  variable: 'SSL_CERT_FILE',
  path: '/ca.pem',
  message: 'SSL_CERT_FILE names /ca.pem, which is not there',
  remedy: 'Point SSL_CERT_FILE at a PEM file, or unset it.',
};
const proxy: DialTrace['proxy'] = {
  variable: 'HTTPS_PROXY',
  scheme: 'http',
  hasCredentials: false,
  durationMs: 3,
};
const certificate = {
  subject: 'CN=elsewhere.example',
  issuer: 'CN=Inspection CA',
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2026-02-01T00:00:00Z',
  altNames: ['DNS:elsewhere.example', 'IP Address:::1'],
  isSelfSigned: false,
  isCa: false,
  fingerprint256: 'AA',
};
const tls: DialTrace['tls'] = { durationMs: 5, certificate };
const refusedCertificate = (code: string, hop: 'endpoint' | 'proxy' = 'endpoint'): HttpObservation =>
  unanswered({ kind: 'tls_failed', hop, code }, hop === 'proxy' ? { proxy: { ...proxy, tls } } : { tls });
const socksRefusal = unanswered({ kind: 'proxy_rejected', reply: 'NotAllowed' }, { proxy });
const ownAddress = { addressSource: undefined };
const here = { isLoopback: true, host: 'localhost:11434' };
const silent = (phase: 'resolve' | 'connect' | 'proxy' | 'tls' | 'http'): HttpObservation =>
  unanswered(
    { kind: 'silent', hop: phase === 'proxy' ? 'proxy' : 'endpoint', phase, afterMs: 6000 },
    { proxy },
  );
const broken = (phase: 'tls' | 'http' | 'proxy', code: string): HttpObservation =>
  unanswered({ kind: 'broken', hop: phase === 'proxy' ? 'proxy' : 'endpoint', phase, code }, { proxy });
const unresolved = (code: string, hop: 'endpoint' | 'proxy' = 'endpoint'): HttpObservation =>
  unanswered({ kind: 'unresolved', hop, code }, { proxy });

describe('a way that fails has a class, names its hop, and has a remedy of its own', () => {
  test.each<[string, HttpObservation, Given['situation'], string, RegExp, RegExp]>([
    ['no such name', unresolved('ENOTFOUND'), {}, 'fail dns', /api\.example\.com/, /base_url/],
    ['the agent’s own name', unresolved('ENOTFOUND'), ownAddress, 'fail dns', /No address/, /name server/],
    ['no word of the name server', unresolved('EAI_AGAIN'), {}, 'fail dns', /name server gave/, /online/],
    ['no such proxy', unresolved('ENOTFOUND', 'proxy'), {}, 'fail dns', /HTTPS_PROXY/, /HTTPS_PROXY/],
    ['refused', refused, {}, 'fail refused', /refused/, /port in model_providers/],
    ['refused by the agent’s own address', refused, ownAddress, 'fail refused', /refused/, /set HTTPS_PROXY/],
    ['refused here', refused, here, 'fail refused', /on this machine/, /Start the server/],
    [
      'no model server',
      refused,
      { ...here, startCommand: 'ollama serve' },
      'fail refused',
      /localhost:11434/,
      /ollama serve/,
    ],
    [
      'a proxy that is down',
      unanswered({ kind: 'unconnected', hop: 'proxy', code: 'ECONNREFUSED' }, { proxy }),
      {},
      'fail refused',
      /proxy of HTTPS_PROXY/,
      /unset HTTPS_PROXY/,
    ],
    [
      'no route',
      unanswered({ kind: 'unconnected', hop: 'endpoint', code: 'EHOSTUNREACH' }),
      {},
      'fail unreachable',
      /no route/,
      /VPN/,
    ],
    ['a silent name server', silent('resolve'), {}, 'fail timeout', /name server/, /name server/],
    ['a firewall that drops', silent('connect'), {}, 'fail timeout', /connection attempts/, /firewall/],
    ['a silent proxy', silent('proxy'), {}, 'fail timeout', /does not open the way/, /HTTPS_PROXY/],
    ['a silent handshake', silent('tls'), {}, 'fail timeout', /TLS handshake/, /speaks TLS/],
    ['a silent server', silent('http'), {}, 'fail timeout', /took the request/, /Try again later/],
    ['a silent server here', silent('http'), here, 'fail timeout', /took the request/, /log of that server/],
    [
      'a handshake that is reset',
      broken('tls', 'ECONNRESET'),
      {},
      'fail reset',
      /during the TLS/,
      /scheme.*filter/,
    ],
    [
      'a server that hangs up',
      broken('http', 'closed'),
      {},
      'fail closed',
      /without a word/,
      /another network/,
    ],
    [
      'a proxy that hangs up',
      broken('proxy', 'ECONNRESET'),
      {},
      'fail reset',
      /HTTPS_PROXY/,
      /scheme and port/,
    ],
    [
      'an authority that is not trusted',
      refusedCertificate('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      {},
      'fail tls_untrusted by network.ca',
      /not trusted/,
      /CN=Inspection CA.*CODEX_CA_CERTIFICATE/,
    ],
    [
      'a proxy’s authority that is not trusted',
      refusedCertificate('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'proxy'),
      {},
      'fail tls_untrusted by network.ca',
      /certificate of the proxy of HTTPS_PROXY/,
      /CN=Inspection CA/,
    ],
    [
      'an old certificate',
      refusedCertificate('CERT_HAS_EXPIRED'),
      {},
      'fail tls_expired',
      /expired/,
      /renew/,
    ],
    [
      'a certificate of tomorrow',
      refusedCertificate('CERT_NOT_YET_VALID'),
      {},
      'fail tls_expired',
      /not valid yet/,
      /^Set the clock/,
    ],
    [
      'another name',
      refusedCertificate('ERR_TLS_CERT_ALTNAME_INVALID'),
      {},
      'fail tls_hostname',
      /\(elsewhere\.example, ::1\)/,
      /model_providers\.own\.base_url/,
    ],
    [
      'another name at the agent’s own address',
      refusedCertificate('ERR_TLS_CERT_ALTNAME_INVALID'),
      ownAddress,
      'fail tls_hostname',
      /other names/,
      /hosts file/,
    ],
    [
      'no TLS at all',
      unanswered({ kind: 'tls_failed', hop: 'endpoint', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }),
      {},
      'fail tls_other',
      /handshake/,
      /http:\/\//,
    ],
    [
      'a client certificate wanted',
      unanswered({ kind: 'tls_failed', hop: 'endpoint', code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }),
      {},
      'fail tls_other',
      /handshake/,
      /demands a certificate/,
    ],
    [
      'old versions only',
      unanswered({ kind: 'tls_failed', hop: 'endpoint', code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }),
      {},
      'fail tls_other',
      /handshake/,
      /TLS 1\.2/,
    ],
    [
      'a certificate of an authority in place of a server’s',
      refusedCertificate('CA_USED_AS_END_ENTITY'),
      {},
      'fail tls_other',
      /certificate of api\.example\.com.* is that of an authority \(CA:TRUE\)/,
      /CA:FALSE/,
    ],
    [
      'a key that is too short',
      refusedCertificate('EE_KEY_TOO_SMALL'),
      {},
      'fail tls_other',
      /key of the certificate of api\.example\.com.* too short/,
      /2048 bits/,
    ],
    [
      'a server that speaks TLS alone',
      unanswered({ kind: 'broken', hop: 'endpoint', phase: 'http', code: 'closed' }),
      here,
      'fail closed',
      /without a word/,
      /^Check the scheme in model_providers\.own\.base_url: a server that speaks TLS alone hangs up so/,
    ],
    [
      'a proxy that wants a password',
      unanswered(
        { kind: 'proxy_answered', status: 407, challenges: ['Basic'] },
        { proxy: { ...proxy, status: 407, challenges: ['Basic'] } },
      ),
      {},
      'fail proxy_auth',
      /asks for a login \(Basic\)/,
      /USER:PASSWORD/,
    ],
    [
      'a proxy that refuses the password',
      unanswered(
        { kind: 'proxy_answered', status: 407, challenges: [] },
        { proxy: { ...proxy, hasCredentials: true } },
      ),
      {},
      'fail proxy_auth',
      /refuses the user name/,
      /percent-encoded/,
    ],
    [
      'a proxy that wants Kerberos',
      unanswered(
        { kind: 'proxy_answered', status: 407, challenges: ['Negotiate'] },
        { proxy: { ...proxy, challenges: ['Negotiate'] } },
      ),
      {},
      'fail proxy_auth',
      /cannot give/,
      /cntlm/,
    ],
    [
      'a proxy that forbids',
      unanswered({ kind: 'proxy_answered', status: 403, challenges: [] }, { proxy }),
      {},
      'fail proxy_refused',
      /HTTP 403/,
      /allow connections to api\.example\.com/,
    ],
    [
      'a proxy that cannot',
      unanswered({ kind: 'proxy_answered', status: 502, challenges: [] }, { proxy }),
      {},
      'fail proxy_refused',
      /HTTP 502/,
      /proxy itself cannot reach/,
    ],
    ...[400, 404, 405, 501].map((status): [string, HttpObservation, {}, string, RegExp, RegExp] => [
      `a web server in place of a proxy (${status})`,
      unanswered({ kind: 'proxy_answered', status, challenges: [] }, { proxy }),
      {},
      'fail proxy_refused',
      new RegExp(`HTTP ${status}`),
      /^Check host and port in HTTPS_PROXY: a web server/,
    ]),
    [
      'a proxy that sends to its sign-in page',
      unanswered({ kind: 'proxy_answered', status: 302, challenges: [] }, { proxy }),
      {},
      'fail proxy_refused',
      /HTTP 302/,
      /open any page in a browser/,
    ],
    ['a SOCKS proxy that forbids', socksRefusal, {}, 'fail proxy_refused', /HTTPS_PROXY/, /NO_PROXY/],
    [
      'another protocol',
      { ...refused, outcome: { kind: 'not_http', hop: 'endpoint', code: 'HPE_INVALID_CONSTANT' } },
      {},
      'fail protocol',
      /does not speak HTTP/,
      /another service/,
    ],
    [
      'a bundle that is not there',
      unanswered({ kind: 'trust_unusable', error: { ...caError, kind: 'unreadable', code: 'ENOENT' } }),
      {},
      'fail missing by network.ca',
      /SSL_CERT_FILE/,
      /PEM/,
    ],
    [
      'a bundle of something else',
      unanswered({ kind: 'trust_unusable', error: { ...caError, kind: 'invalid' } }),
      {},
      'fail malformed by network.ca',
      /SSL_CERT_FILE/,
      /PEM/,
    ],
    [
      'a proxy variable that is none',
      unanswered({ kind: 'proxy_unusable', variable: 'HTTPS_PROXY', problem: 'it has no host' }),
      {},
      'fail invalid_value by network.env',
      /HTTPS_PROXY/,
      /http:\/\/host:port/,
    ],
  ])('%s', (_name, observation, situation = {}, expected, cause, remedy) => {
    const verdict = judge({ base: observation, models: observation, situation });
    expect(outcome(verdict)).toBe(expected);
    expect(verdict.issues[0]?.cause).toMatch(cause);
    expect(verdict.issues[0]?.remedy).toMatch(remedy);
  });
});

describe('remedies of answers fit the class', () => {
  test.each<[string, Given, RegExp]>([
    ['404', { models: answered(404) }, /model_providers\.own\.base_url.*\/v1/],
    ['404 after a query', { models: answered(404), flaw: 'query_in_base' }, /query_params/],
    ['429', { models: answered(429, { retryAfterMs: 17_000 }) }, /^Try again in 17 seconds/],
    ['429 for long', { models: answered(429, { retryAfterMs: 7_200_000 }) }, /^Try again in 2 hours/],
    ['429 of a plan', { models: answered(429, { body: { errorCode: 'insufficient_quota' } }) }, /used up/],
    ['503', { models: answered(503, { retryAfterMs: 120_000 }) }, /status page, and try again in 2 minutes/],
    ['500', { models: answered(500) }, /try again later/],
    ['402', { models: answered(402) }, /usage and billing/],
    ['408', { models: answered(408) }, /^Try again later/],
    [
      'a redirect to a stranger, of an address that the user has set',
      { models: portal },
      /^Write the address at which the API really stands into model_providers\.own\.base_url/,
    ],
    ['a page of an edge', { models: page }, /VPN/],
    ['a web site', { models: answered(200, html) }, /prefix/],
    ['a portal', { models: portal, base: portal, situation: ownAddress }, /^Open any page in a browser/],
    ['a key', { models: answered(401) }, /OWN_KEY/],
    [
      'a login',
      { models: answered(401), credential: { kind: 'attached', mode: 'chatgpt', source: '/home/auth.json' } },
      /codex login/,
    ],
  ])('%s', (_name, given, expected) => {
    const [issue] = judge(given).issues;
    expect(issue?.remedy).toMatch(expected);
    expect(issue?.remedy).not.toMatch(/firewall|custom CA/);
  });
});

test('an issue points at no row that the report has not', () => {
  const { details, issues } = judge({
    models: broken('tls', 'ECONNRESET'),
    base: broken('tls', 'ECONNRESET'),
  });
  expect(Object.keys(details)).not.toContain('TLS issuer');
  expect(issues.map(({ fields }) => fields)).toEqual([[]]);
});

describe('IPv6 that leads nowhere', () => {
  const works = { address: '192.0.2.1', family: 4, state: 'connected', durationMs: 20 } as const;
  const over = (attempt: { state: 'failed' | 'pending'; code?: string; durationMs: number }): DialTrace => ({
    totalMs: 300,
    connect: {
      port: 443,
      durationMs: 280,
      attempts: [{ address: '2001:db8::1', family: 6, ...attempt }, works],
    },
  });
  const pending = over({ state: 'pending', durationMs: 270 });
  const timedOut = over({ state: 'failed', code: 'ETIMEDOUT', durationMs: 5000 });
  const noRoute = over({ state: 'failed', code: 'EHOSTUNREACH', durationMs: 3000 });
  const noFamily = over({ state: 'failed', code: 'ENETUNREACH', durationMs: 1 });
  const onlyHere = over({ state: 'failed', code: 'ECONNREFUSED', durationMs: 1 });
  const direct: DialTrace = { totalMs: 20, connect: { port: 443, durationMs: 20, attempts: [works] } };

  test.each<[string, DialTrace[], string | undefined]>([
    ['silence', [pending, pending], 'timeout'],
    ['time runs out', [timedOut], 'timeout'],
    ['no route, told late', [noRoute, noRoute], 'unreachable'],
    ['one packet lost', [pending, direct], undefined],
    ['a machine without IPv6', [noFamily, noFamily], undefined],
    ['a server on one family', [onlyHere], undefined],
    ['IPv4 alone', [direct, direct], undefined],
    ['nothing connected', [], undefined],
  ])('%s', (_name, traces, expected) => expect(ipv6Issue(traces)[0]?.failure?.class).toBe(expected));

  test('is a warning beside an answer', () =>
    expect(outcome(judge({ models: answered(200, {}, pending), base: answered(404, {}, pending) }))).toBe(
      'warning timeout',
    ));
});

const status = (code: number): Step => ({ answer: { status: code } });

async function examineConfiguration(config: string): Promise<Verdict> {
  const home = temporaryHome({ 'config.toml': config });
  return check.judge(await check.probe(testContext({ home, offline: false })));
}

describe('asked for real', () => {
  const SECRET = 'sk-lab-never-to-be-shown';
  const list: Step = {
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': 'req_1' },
      body: '{"object":"list","data":[]}',
    },
  };
  async function examine(steps: Readonly<Record<string, Step>>, more = ''): Promise<Verdict> {
    await using server = await startFaultServer({ 'HEAD /v1': status(404), ...steps });
    const home = temporaryHome({
      'config.toml': `model_provider = "lab"
[model_providers.lab]
name = "Lab"
base_url = "${server.url('/v1').replace('http://', `http://user:${SECRET}@`)}"
env_key = "LAB_KEY"
${more}`,
    });
    const verdict = check.judge(
      await check.probe(testContext({ home, env: { LAB_KEY: SECRET }, offline: false })),
    );
    expect(JSON.stringify(verdict)).not.toContain(SECRET);
    return verdict;
  }

  test('a healthy provider, with every phase', async () => {
    const verdict = await examine({ 'GET /v1/models': list });
    expect(outcome(verdict)).toBe('ok');
    expect(verdict.details).toMatchObject({
      'reachability mode': 'provider auth',
      'model provider': 'lab',
      'base URL': expect.stringMatching(/^http:\/\/<user info>@localhost:\d+\/v1$/),
      'base URL set by': 'model_providers.lab.base_url',
      'base status': 404,
      'models status': 200,
      'models body': 'json',
      'models request id': 'req_1',
      'IP family': 'IPv4',
    });
  });

  test('a refused key', async () =>
    expect(outcome(await examine({ 'GET /v1/models': status(401) }))).toBe(
      'fail http_unauthorized by auth.live',
    ));

  test('no model list, and the agent’s own way is open', async () => {
    const steps = { 'GET /v1/models': status(404), 'UPGRADE /v1/responses': { upgrade: {} } };
    expect(outcome(await examine(steps, 'supports_websockets = true'))).toBe('ok');
  });

  test('nobody is asked where the configuration does not say whom', async () => {
    const lab =
      'model_provider = "lab"\n[model_providers.lab]\nname = "Lab"\nbase_url = "ftp://localhost/v1"\n';
    expect(await examineConfiguration('model_provider = "nope"')).toMatchObject({
      skippedBecause: 'config.load',
    });
    expect(await examineConfiguration('model_provider = ')).toMatchObject({ skippedBecause: 'config.load' });
    expect(await examineConfiguration(lab)).toMatchObject({ skippedBecause: 'network.env' });
  });

  test('nobody is asked for an agent that was never set up', async () => {
    const context = testContext({ home: join(temporaryHome(), 'missing'), offline: false });
    const judged = async (source: string): Promise<Verdict> =>
      check.judge(
        await check.probe({
          ...context,
          target: { ...context.target, home: { ...context.target.home, source } },
        }),
      );
    expect((await judged('default')).kind).toBe('idle');
    expect(await judged('--home')).toMatchObject({ skippedBecause: 'state.paths' });
  });
});
