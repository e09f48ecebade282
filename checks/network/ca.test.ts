import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { createAuthority, selfSigned } from '../../fixtures/lab/authority.ts';
import type { Authority, AuthorityOptions, Identity } from '../../fixtures/lab/authority.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { FaultServer } from '../../fixtures/lab/fault-server.ts';
import { unanswered, upgraded } from '../../fixtures/observations.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { CertificateFacts, DialTrace } from '../../src/net/dial/trace.ts';
import type { HttpObservation, WebSocketObservation } from '../../src/net/network.ts';
import check from './ca.ts';
import type { CaEvidence } from './ca/evidence.ts';
import { kindOfIssuer } from './ca/issuer.ts';

interface Given {
  readonly env?: Record<string, string>;
  readonly config?: string;
  readonly dotenv?: string;
  readonly online?: boolean;
}

async function examine({ env = {}, config = '', dotenv, online = false }: Given): Promise<Verdict> {
  const home = temporaryHome({ 'config.toml': config, ...(dotenv !== undefined && { '.env': dotenv }) });
  return check.judge(await check.probe(testContext({ home, env, offline: !online })));
}

const outcome = ({ issues }: Verdict): string =>
  issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok';

const inFile = (content: string): string => join(temporaryHome({ 'ca.pem': content }), 'ca.pem');

/** A provider on this machine without TLS. */
const PLAIN = 'model_provider = "ollama"';
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const KEY = ['-----BEGIN', 'PRIVATE KEY-----\nAAAA\n-----END', 'PRIVATE KEY-----\n'].join(' ');

let authority: Authority;
let leaf: Identity;
beforeAll(async () => {
  authority = await createAuthority({ commonName: 'Lab root', notAfter: inDays(365) });
  leaf = await authority.issue();
});

const write = (content: () => string) => (path: string) => writeFileSync(path, content());

describe('the file of a custom CA variable', () => {
  test.each<[string, (path: string) => void, string]>([
    ['a certificate', write(() => authority.certificate), 'ok'],
    ['the same twice', write(() => authority.certificate.repeat(2)), 'ok'],
    ['in OpenSSL form', write(() => authority.certificate.replaceAll('CERT', 'TRUSTED CERT')), 'ok'],
    ['a certificate and a key', write(() => authority.certificate + KEY), 'warning permissions'],
    ['a chain', write(() => leaf.certificate + authority.certificate), 'ok'],
    ['a certificate of a server', write(() => leaf.certificate), 'warning mismatch'],
    ['a key', write(() => KEY), 'fail malformed'],
    ['text', write(() => 'hello'), 'fail malformed'],
    ['nothing in it', write(() => '\n'), 'fail malformed'],
    ['cut off', write(() => authority.certificate.slice(0, -40)), 'fail malformed'],
    [
      'a good one beside one that is no certificate',
      write(() => `${authority.certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`),
      'fail malformed',
    ],
    ['a folder', (path) => mkdirSync(path), 'fail wrong_type'],
    ['no file', () => undefined, 'fail missing'],
    ['a dangling link', (path) => symlinkSync('nowhere', path), 'fail missing'],
    ['a loop', (path) => symlinkSync(path, path), 'fail wrong_type'],
    ...(process.platform === 'win32'
      ? []
      : [
          ['a FIFO', (path: string) => void execFileSync('mkfifo', [path]), 'fail wrong_type'] as [
            string,
            (path: string) => void,
            string,
          ],
        ]),
  ])('%s', async (_name, plant, expected) => {
    const path = join(temporaryHome(), 'ca.pem');
    plant(path);
    const verdict = await examine({ env: { SSL_CERT_FILE: path } });
    expect(outcome(verdict)).toBe(expected);
    expect(outcome(await examine({ env: { CODEX_CA_CERTIFICATE: path } }))).toBe(expected);
    // Where no connection uses TLS nothing breaks.
    expect(outcome(await examine({ env: { SSL_CERT_FILE: path }, config: PLAIN }))).toBe(
      expected.replace('fail', 'warning'),
    );
  });

  test.each([
    [{ kind: 'denied', code: 'EACCES' } as const, 'permissions'],
    [{ kind: 'failed', code: 'EIO' } as const, 'unreadable'],
    [{ kind: 'too_large' } as const, 'malformed'],
  ])('%j', async (fault, failureClass) => {
    const seen = await look({ env: { SSL_CERT_FILE: '/nowhere' } });
    const { bundle } = seen;
    if (bundle?.content.kind !== 'unusable') throw new TypeError('nothing can be read there');
    const verdict = check.judge({ ...seen, bundle: { ...bundle, content: { ...bundle.content, fault } } });
    expect(outcome(verdict)).toBe(`fail ${failureClass}`);
  });

  test('only the stronger variable counts, and the other is told', async () => {
    const path = inFile(authority.certificate);
    const { details } = await examine({ env: { CODEX_CA_CERTIFICATE: path, SSL_CERT_FILE: path } });
    expect(details).toMatchObject({
      'custom CA in effect': 'CODEX_CA_CERTIFICATE',
      overruled: ['SSL_CERT_FILE'],
      certificates: 1,
      subjects: ['CN=Lab root'],
    });
  });

  test.each<[Given, string, boolean]>([
    [{ env: { SSL_CERT_FILE: '/nowhere/ca.pem' } }, 'SSL_CERT_FILE', false],
    [{ dotenv: 'SSL_CERT_FILE=/nowhere/ca.pem\n' }, 'SSL_CERT_FILE', true],
  ])('where to correct it is said: %j', async (given, variable, isInDotenv) => {
    const [issue] = (await examine(given)).issues;
    expect(issue?.remedy).toContain(variable);
    expect(issue?.remedy.includes('/.env')).toBe(isInDotenv);
  });
});

async function look({ env = {}, config = '' }: Given): Promise<CaEvidence> {
  return check.probe(testContext({ home: temporaryHome({ 'config.toml': config }), env }));
}

async function bundleOf(...options: readonly AuthorityOptions[]): Promise<string> {
  const made = await Promise.all(options.map((one) => createAuthority(one)));
  return inFile(made.map(({ certificate }) => certificate).join(''));
}

describe('dates of certificates', () => {
  test.each([
    ['expired', { commonName: 'Old', notAfter: inDays(-1) }, 'expired'],
    ['not yet valid', { commonName: 'Old', notBefore: inDays(1) }, 'not yet valid'],
  ])('%s', async (_name, options, label) => {
    const path = await bundleOf({ notAfter: inDays(365) }, options);
    const verdict = await examine({ env: { SSL_CERT_FILE: path } });
    expect(outcome(verdict)).toBe('warning tls_expired');
    expect(verdict.details[label]).toEqual(['CN=Old']);
  });

  test('soon is a detail', async () => {
    const path = await bundleOf({ commonName: 'Soon', notAfter: inDays(20) }, { notAfter: inDays(40) });
    const verdict = await examine({ env: { SSL_CERT_FILE: path } });
    expect(outcome(verdict)).toBe('ok');
    expect(verdict.details['expires within 30 days']).toEqual(['CN=Soon']);
  });

  test('an old one in the bundle of a distribution is a detail', async () => {
    const path = await bundleOf({ notAfter: inDays(365) }, { notAfter: inDays(-1) });
    const seen = await look({ env: { SSL_CERT_FILE: path } });
    const { bundle } = seen;
    if (bundle?.content.kind !== 'loaded') throw new TypeError('the bundle is a good one');
    const [valid, old] = bundle.content.certificates;
    if (!valid || !old) throw new TypeError('it holds two');
    const judged = (count: number): Verdict =>
      check.judge({
        ...seen,
        bundle: {
          ...bundle,
          content: {
            ...bundle.content,
            kind: 'loaded',
            certificates: [old, ...Array(count).fill(valid)],
          } as never,
        },
      });
    expect(outcome(judged(5))).toBe('warning tls_expired');
    expect(outcome(judged(100))).toBe('ok');
    expect(judged(100).details).toMatchObject({ certificates: 101, duplicates: 99 });
  });
});

describe('roots of the system', () => {
  const nowhere = '/nowhere/certs';
  test.each<[string, Given, string]>([
    ['as they are', {}, 'ok'],
    ['SSL_CERT_DIR leads nowhere', { env: { SSL_CERT_DIR: nowhere } }, 'warning missing'],
    ['and nothing uses TLS', { env: { SSL_CERT_DIR: nowhere }, config: PLAIN }, 'ok'],
    ['SSL_CERT_DIR is empty', { env: { SSL_CERT_DIR: '' } }, 'warning invalid_value'],
    ['SSL_CERT_FILE is empty', { env: { SSL_CERT_FILE: '' } }, 'warning invalid_value'],
    ['and nothing uses TLS', { env: { SSL_CERT_FILE: '' }, config: PLAIN }, 'ok'],
    ['variables of other programs', { env: { NODE_EXTRA_CA_CERTS: '/a', REQUESTS_CA_BUNDLE: '/b' } }, 'ok'],
  ])('%s', async (_name, given, expected) => {
    expect(outcome(await examine(given))).toBe(expected);
  });

  test('a folder of SSL_CERT_DIR makes up for an empty SSL_CERT_FILE', async () => {
    const folder = join(inFile(authority.certificate), '..');
    const verdict = await examine({ env: { SSL_CERT_FILE: '', SSL_CERT_DIR: folder } });
    expect(outcome(verdict)).toBe('ok');
    expect(verdict.details['system roots']).toBe('replaced by SSL_CERT_DIR: 1 certificate');
  });

  test('beside a bundle, what SSL_CERT_FILE leads to matters still', async () => {
    const path = inFile(authority.certificate);
    const examined = (file: string): Promise<Verdict> =>
      examine({ env: { CODEX_CA_CERTIFICATE: path, SSL_CERT_FILE: file } });
    expect(outcome(await examined('/nowhere/ca.pem'))).toBe('warning missing');
    expect(outcome(await examined(''))).toBe('warning invalid_value');
    expect(outcome(await examined(path))).toBe('ok');
  });

  test('a machine without any', async () => {
    const seen = await look({});
    const roots = { kind: 'files', variables: [], places: [], count: undefined, emptyVariables: [] } as const;
    expect(outcome(check.judge({ ...seen, roots }))).toBe('warning missing');
  });

  test('variables of other programs are named', async () => {
    const { details } = await examine({ env: { NODE_EXTRA_CA_CERTS: '/a', REQUESTS_CA_BUNDLE: '' } });
    expect(details['not read by Codex']).toEqual(['NODE_EXTRA_CA_CERTS']);
  });
});

const providerAt = (server: FaultServer): string => `
  model_provider = "own"
  [model_providers.own]
  name = "own"
  base_url = "${server.url('/v1')}"
  supports_websockets = true
`;

const serve = (identity: Identity): Promise<FaultServer> =>
  startFaultServer(
    {
      'HEAD /v1': { answer: { status: 404 } },
      'UPGRADE /v1/responses': { answer: { status: 404 } },
    },
    { tls: { identity } },
  );

describe('what secure endpoints show', () => {
  test('both clients trust the bundle', async () => {
    await using server = await serve(leaf);
    const verdict = await examine({
      env: { CODEX_CA_CERTIFICATE: inFile(authority.certificate) },
      config: providerAt(server),
      online: true,
    });
    expect(outcome(verdict)).toBe('ok');
    expect(verdict).toMatchObject({
      summary: '1 certificate from CODEX_CA_CERTIFICATE · HTTP and WebSocket trusted',
      details: {
        'HTTP certificate': 'trusted, issued by CN=Lab root',
        'WebSocket certificate': 'trusted, issued by CN=Lab root',
      },
    });
  });

  test('both refuse an issuer that nobody named, and the variable to set is said', async () => {
    await using server = await serve(leaf);
    const verdict = await examine({ config: providerAt(server), online: true });
    expect(outcome(verdict)).toBe('fail tls_untrusted');
    const [issue] = verdict.issues;
    expect(issue?.cause).toMatch(
      /^HTTP and WebSocket to localhost:\d+ meet a certificate of CN=Lab root, which is not trusted$/,
    );
    expect(issue?.remedy).toContain('set CODEX_CA_CERTIFICATE to that file');
  });

  test('the file of another program that holds the issuer is pointed out', async () => {
    await using server = await serve(leaf);
    const path = inFile(authority.certificate);
    const other = inFile((await createAuthority()).certificate);
    const given = { config: providerAt(server), online: true };
    const { issues } = await examine({ ...given, env: { NODE_EXTRA_CA_CERTS: path } });
    expect(issues[0]?.remedy).toBe(
      `Set CODEX_CA_CERTIFICATE to ${path}: that file of NODE_EXTRA_CA_CERTS, which Codex does not read, holds the certificate of CN=Lab root.`,
    );
    const beside = await examine({ ...given, env: { NODE_EXTRA_CA_CERTS: path, SSL_CERT_FILE: other } });
    expect(beside.issues[0]?.remedy).toContain(`Add the certificate of CN=Lab root to ${other}`);
  });

  test('a program that looks into connections is recognised by its name', async () => {
    const inspector = await createAuthority({ commonName: 'mitmproxy' });
    await using server = await serve(await inspector.issue());
    const verdict = await examine({ config: providerAt(server), online: true });
    expect(verdict.issues[0]?.cause).toMatch(/TLS inspection$/);
  });

  test('a certificate that vouches for itself', async () => {
    await using server = await serve(await selfSigned({ commonName: 'localhost' }));
    const verdict = await examine({ config: providerAt(server), online: true });
    expect(outcome(verdict)).toBe('fail tls_untrusted');
  });

  test('nobody is asked offline, or without TLS', async () => {
    await using server = await serve(leaf);
    expect(outcome(await examine({ config: providerAt(server) }))).toBe('ok');
    expect(server.connections).toBe(0);
    await using plain = await startFaultServer({});
    expect(outcome(await examine({ config: providerAt(plain), online: true }))).toBe('ok');
    expect(plain.connections).toBe(0);
  });
});

async function judgeSeen(
  seen: Partial<NonNullable<CaEvidence['seen']>>,
  { addressSource, env = {} }: { addressSource?: string; env?: Record<string, string> } = {},
): Promise<Verdict> {
  const situation = {
    agent: 'Codex',
    host: 'api.openai.com',
    isLoopback: false,
    addressSource,
    caVariables: ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'],
    startCommand: undefined,
  };
  return check.judge({
    ...(await look({ env })),
    seen: { situation, http: undefined, websocket: undefined, ...seen },
  });
}

describe('the verdict on what was shown', () => {
  const certificate: CertificateFacts = {
    subject: 'CN=api.openai.com',
    issuer: 'O=Example Ltd, CN=Example Web Gateway',
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: '2027-01-01T00:00:00.000Z',
    altNames: ['DNS:api.openai.com'],
    isSelfSigned: false,
    isCa: false,
    fingerprint256: 'AA',
  };
  const code = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  const traceOf = (issuer: string): DialTrace => ({
    totalMs: 1,
    tls: { durationMs: 1, problem: code, certificate: { ...certificate, issuer } },
  });
  const refused = (trace: DialTrace): HttpObservation & WebSocketObservation =>
    unanswered({ kind: 'tls_failed', hop: trace.proxy ? 'proxy' : 'endpoint', code }, trace);
  const silent = unanswered({ kind: 'silent', hop: 'endpoint', phase: 'connect', afterMs: 1 });
  const trusted: WebSocketObservation = {
    ...upgraded(101),
    trace: { totalMs: 1, tls: { durationMs: 1, certificate } },
  };

  test("a private name at the agent's own address is inspection, at an address of the user's it may be right", async () => {
    const http = refused(traceOf(certificate.issuer));
    expect((await judgeSeen({ http })).issues[0]?.cause).toMatch(/TLS inspection$/);
    expect((await judgeSeen({ http }, { addressSource: 'openai_base_url' })).issues[0]?.cause).toMatch(
      /not trusted$/,
    );
  });

  test('a public name is a chain that is not whole', async () => {
    const http = refused(traceOf("C=US, O=Let's Encrypt, CN=E7"));
    const [issue] = (await judgeSeen({ http })).issues;
    expect(issue?.cause).toMatch(/not trusted$/);
    expect(issue?.remedy).toContain('leaves out its intermediate certificate');
  });

  test("a public name where the system's roots are replaced is the fault of the variable", async () => {
    const http = refused(traceOf("C=US, O=Let's Encrypt, CN=E7"));
    const env = { SSL_CERT_FILE: inFile(authority.certificate) };
    expect((await judgeSeen({ http }, { env })).issues[0]?.remedy).toContain(
      'unset SSL_CERT_FILE, which takes the place',
    );
  });

  test('one client of two', async () => {
    const { issues, details } = await judgeSeen({ http: refused(traceOf('CN=Corp')), websocket: trusted });
    expect(issues[0]?.cause).toMatch(/^HTTP to .*, while WebSocket is trusted: TLS inspection$/);
    expect(details).toMatchObject({
      'HTTP certificate': `refused (${code}), issued by CN=Corp`,
      'WebSocket certificate': 'trusted, issued by O=Example Ltd, CN=Example Web Gateway',
    });
  });

  test('the certificate of a proxy', async () => {
    const proxied: DialTrace = {
      totalMs: 1,
      proxy: {
        variable: 'HTTPS_PROXY',
        scheme: 'https',
        hasCredentials: false,
        durationMs: 1,
        tls: { durationMs: 1, problem: code, certificate: { ...certificate, issuer: 'CN=Corp' } },
      },
    };
    const { issues, details } = await judgeSeen({ http: refused(proxied) });
    expect(issues[0]?.cause).toBe(
      'HTTP to the proxy of HTTPS_PROXY meets a certificate of CN=Corp, which is not trusted',
    );
    expect(details['HTTP certificate']).toContain('of the proxy');
  });

  test('a way that ends before any certificate says nothing here', async () => {
    const verdict = await judgeSeen({ http: silent, websocket: silent });
    expect(outcome(verdict)).toBe('ok');
    expect(Object.keys(verdict.details)).not.toContain('HTTP certificate');
  });
});

test.each([
  ['O=mitmproxy, CN=mitmproxy', 'inspector'],
  ['O=Zscaler Inc., CN=Zscaler Intermediate Root CA', 'inspector'],
  ['CN=Gateway CA - Cloudflare Managed G1', 'inspector'],
  ["C=US, O=Let's Encrypt, CN=E7", 'public'],
  ['C=US, O=Google Trust Services, CN=WE1', 'public'],
  ['O=Example Ltd, CN=Corporate Root', 'unknown'],
  ['', 'unknown'],
])('%s is %s', (name, expected) => {
  expect(kindOfIssuer(name)).toBe(expected);
});
