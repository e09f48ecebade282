import { execFile } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createAuthority, selfSigned } from '../../../fixtures/lab/authority.ts';
import type { Authority } from '../../../fixtures/lab/authority.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { FaultServer, ServerTls } from '../../../fixtures/lab/fault-server.ts';
import { files } from '../../host/files.ts';
import { createTrust } from './trust.ts';

const PROGRAM = join(import.meta.dirname, '../../../fixtures/programs/trusting-client.ts');
/** Extended key usage `serverAuth`, as `openssl x509 -addtrust serverAuth -trustout` writes it behind a certificate. */
const TRUST_DATA = Buffer.from('300c300a06082b06010505070301', 'hex');

let place: string;
let fileCount = 0;
let authority: Authority;
let stranger: Authority;
let server: FaultServer;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'stethos-trust-'));
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
  server = await serve(authority);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

async function serve(issuer: Authority, more: Partial<ServerTls> = {}): Promise<FaultServer> {
  return startFaultServer({ '*': 'end' }, { tls: { identity: await issuer.issue(), ...more } });
}

/** Runs a client that has nothing in its environment but this. */
async function connectWith(env: Record<string, string>, to: FaultServer = server): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, String(to.port)], {
    env,
    timeout: 20_000,
  });
  return stdout.trim();
}

test('NODE_DEBUG=stethos tells which variable selected which file, and how many certificates were taken', async ({
  expect,
}) => {
  const path = inFile(authority.certificate + stranger.certificate);
  const { stderr } = await promisify(execFile)(process.execPath, [PROGRAM, String(server.port)], {
    env: { CODEX_CA_CERTIFICATE: path, NODE_DEBUG: 'stethos' },
  });
  expect(stderr).toContain('custom CA bundle is used');
  expect(stderr).toContain(
    JSON.stringify({ source_env: 'CODEX_CA_CERTIFICATE', ca_path: path, certificate_count: 2 }),
  );
});

/** A file in a folder of its own; the tests run side by side. */
function inFile(content: string): string {
  fileCount += 1;
  const folder = join(place, String(fileCount));
  mkdirSync(folder);
  writeFileSync(join(folder, 'ca.pem'), content);
  return join(folder, 'ca.pem');
}

function asTrusted(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const content = Buffer.concat([der, TRUST_DATA]).toString('base64');
  return `-----BEGIN TRUSTED CERTIFICATE-----\n${content}\n-----END TRUSTED CERTIFICATE-----\n`;
}

async function revocationList(): Promise<string> {
  // Not above: the library wants a polyfill first, which the lab's authority brings.
  const { X509CrlGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const isExtractable = false;
  const { privateKey } = await webcrypto.subtle.generateKey(algorithm, isExtractable, ['sign', 'verify']);
  const list = await X509CrlGenerator.create({
    issuer: 'CN=Lab',
    thisUpdate: new Date(),
    nextUpdate: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    signingKey: privateKey,
  });
  return `${list.toString('pem')}\n`;
}

const TRUSTED = 'trusted over TLSv1.3';
const UNTRUSTED = 'refused: UNABLE_TO_GET_ISSUER_CERT_LOCALLY';

describe.concurrent('a process trusts whom its environment names', () => {
  test('without variables, the system alone', async ({ expect }) => {
    expect(await connectWith({})).toBe(UNTRUSTED);
  });

  test("the agent's own variable before SSL_CERT_FILE", async ({ expect }) => {
    const right = inFile(authority.certificate);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: right, SSL_CERT_FILE: '/nowhere' })).toBe(TRUSTED);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: '/nowhere', SSL_CERT_FILE: right })).toMatch(
      /^unreadable: CODEX_CA_CERTIFICATE names \/nowhere/,
    );
  });

  test('SSL_CERT_FILE where the other is unset or empty, and not where it is white space (trap 39)', async ({
    expect,
  }) => {
    const right = inFile(authority.certificate);
    expect(await connectWith({ SSL_CERT_FILE: right })).toBe(TRUSTED);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: '', SSL_CERT_FILE: right })).toBe(TRUSTED);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: ' ', SSL_CERT_FILE: right })).toMatch(/^unreadable: /);
  });

  test('every certificate of a bundle', async ({ expect }) => {
    const both = inFile(`first\n${stranger.certificate}second\n${authority.certificate}`);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: both })).toBe(TRUSTED);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: inFile(stranger.certificate) })).toBe(UNTRUSTED);
  });

  test('certificates in OpenSSL form', async ({ expect }) => {
    const bundle = inFile(asTrusted(stranger.certificate) + asTrusted(authority.certificate));
    expect(await connectWith({ SSL_CERT_FILE: bundle })).toBe(TRUSTED);
  });

  test('certificates beside a revocation list', async ({ expect }) => {
    const bundle = inFile((await revocationList()) + authority.certificate);
    expect(await connectWith({ SSL_CERT_FILE: bundle })).toBe(TRUSTED);
  });

  test.for<[string, (pem: string) => string]>([
    ['empty', () => ''],
    ['cut off', (pem) => pem.slice(0, -40)],
    ['a good certificate and one that is cut off', (pem) => pem + pem.slice(0, -40)],
  ])('nobody when the file is unusable, and both variables are named: %s', async ([, damage], { expect }) => {
    const said = await connectWith({ SSL_CERT_FILE: inFile(damage(authority.certificate)) });
    expect(said).toMatch(/^invalid: SSL_CERT_FILE names .*ca\.pem/);
    expect(said).toContain('CODEX_CA_CERTIFICATE or SSL_CERT_FILE');
  });

  test.for(['TLSv1.2', 'TLSv1.3'] as const)('a server that speaks only %s', async (version, { expect }) => {
    await using only = await serve(authority, {
      minVersion: version,
      ...(version === 'TLSv1.2' && { maxVersion: version }),
    });
    expect(await connectWith({ CODEX_CA_CERTIFICATE: inFile(authority.certificate) }, only)).toBe(
      `trusted over ${version}`,
    );
  });

  test('an intermediate authority, as the TLS of the agent does', async ({ expect }) => {
    const intermediate = await createAuthority({ parent: authority });
    await using chained = await serve(intermediate, { omitIntermediates: true });
    expect(await connectWith({ SSL_CERT_FILE: inFile(intermediate.certificate) }, chained)).toBe(TRUSTED);
  });

  test("a server's certificate only where it vouches for itself, as the TLS of the agent does", async ({
    expect,
  }) => {
    const identity = await selfSigned();
    await using alone = await startFaultServer({ '*': 'end' }, { tls: { identity } });
    expect(await connectWith({ SSL_CERT_FILE: inFile(identity.certificate) }, alone)).toBe(TRUSTED);
    const issued = await authority.issue();
    await using other = await startFaultServer({ '*': 'end' }, { tls: { identity: issued } });
    expect(await connectWith({ SSL_CERT_FILE: inFile(issued.certificate) }, other)).toBe(UNTRUSTED);
  });

  test('what SSL_CERT_FILE and SSL_CERT_DIR name in place of the system (trap 39)', async ({ expect }) => {
    const right = inFile(authority.certificate);
    const wrong = inFile(stranger.certificate);
    expect(await connectWith({ CODEX_CA_CERTIFICATE: wrong, SSL_CERT_FILE: right })).toBe(TRUSTED);
    expect(await connectWith({ SSL_CERT_DIR: join(right, '..') })).toBe(TRUSTED);
    expect(await connectWith({ SSL_CERT_FILE: wrong, SSL_CERT_DIR: join(right, '..') })).toBe(TRUSTED);
  });

  test('nobody more because of variables of other programs', async ({ expect }) => {
    const right = inFile(authority.certificate);
    expect(await connectWith({ NODE_EXTRA_CA_CERTS: right, REQUESTS_CA_BUNDLE: right })).toBe(UNTRUSTED);
  });
});

test('a context is built once, and a broken bundle is found before anything is dialled', ({ expect }) => {
  const path = inFile(authority.certificate);
  const options = { variables: ['CA'], files, cwd: join(path, '..') };
  const trust = (value: string): ReturnType<typeof createTrust> =>
    createTrust({ ...options, environment: { values: { CA: value }, originOf: () => 'shell' } });
  const good = trust('ca.pem');
  expect(good).toMatchObject({ kind: 'usable', source: { kind: 'custom', certificateCount: 1 } });
  // Read whole when it was created.
  rmSync(path);
  if (good.kind === 'usable') expect(good.secureContext()).toBe(good.secureContext());
  expect(trust('ca.pem')).toMatchObject({ kind: 'unusable', error: { kind: 'unreadable', code: 'ENOENT' } });
});
