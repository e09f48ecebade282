import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { closedPort } from '../../../fixtures/lab/listener.ts';
import { networkWith, plainNetwork } from '../../../fixtures/network.ts';
import { startOtlpCollector } from '../../../fixtures/otlp-collector.ts';
import type { Network } from '../network.ts';

const ASK = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{}'),
  timeoutMs: 5_000,
  readBody: { maxBytes: 100 },
} as const;

/** Ends the pool with the test. */
const pooled = (network: Network): Network & AsyncDisposable =>
  Object.assign(network, { [Symbol.asyncDispose]: () => network.close() });

test('bytes go out and come back, over one connection', async () => {
  await using collector = await startOtlpCollector({ answer: () => ({ body: 'taken' }) });
  await using network = pooled(plainNetwork());
  const ports = new Set<number>();
  for (let time = 0; time < 3; time += 1) {
    const { outcome, body } = await network.askHttp({ ...ASK, url: `${collector.url}/v1/logs` });
    expect(outcome).toMatchObject({ kind: 'answered', answer: { status: 200 } });
    expect(body?.toString()).toBe('taken');
    // The connection is free again a moment after the answer is whole.
    await nextTurn();
    ports.add(collector.requests.at(-1)?.clientPort ?? 0);
  }
  expect(ports.size).toBe(1);
});

test('an answer that does not come is silence, and the connection is not used again', async () => {
  await using collector = await startOtlpCollector({
    answer: (_request, index) => (index === 0 ? 'silence' : {}),
  });
  await using network = pooled(plainNetwork());
  const url = `${collector.url}/v1/logs`;
  const { outcome } = await network.askHttp({ ...ASK, url, timeoutMs: 50 });
  expect(outcome).toMatchObject({ kind: 'silent', phase: 'http' });
  expect((await network.askHttp({ ...ASK, url })).outcome.kind).toBe('answered');
});

test('a request that is taken back is silence at once, before it is sent and while its answer is awaited', async () => {
  await using collector = await startOtlpCollector({ answer: () => 'silence' });
  await using network = pooled(plainNetwork());
  const url = `${collector.url}/v1/logs`;
  const early = await network.askHttp({ ...ASK, url, signal: AbortSignal.abort() });
  expect(early.outcome.kind).toBe('silent');
  expect(collector.requests).toEqual([]);
  const given = new AbortController();
  const asked = network.askHttp({ ...ASK, url, signal: given.signal });
  await collector.until(({ requests }) => requests.length === 1);
  given.abort();
  expect((await asked).outcome).toMatchObject({ kind: 'silent', phase: 'http' });
});

test('headers are given by name, and no others', async () => {
  await using collector = await startOtlpCollector({ answer: () => ({ headers: { 'x-wanted': 'yes' } }) });
  await using network = pooled(plainNetwork());
  const url = `${collector.url}/v1/logs`;
  const { headers } = await network.askHttp({ ...ASK, url, readHeaders: ['x-wanted', 'x-absent'] });
  expect(headers).toEqual({ 'x-wanted': 'yes' });
  expect((await network.askHttp({ ...ASK, url })).headers).toBeUndefined();
});

test.each([
  ['a closed port', async () => `http://127.0.0.1:${await closedPort()}/`, 'unconnected'],
  ['no address', async () => 'nonsense', 'unsendable'],
])('%s', async (_name, url, kind) => {
  await using network = pooled(plainNetwork());
  expect((await network.askHttp({ ...ASK, url: await url() })).outcome.kind).toBe(kind);
});

describe('files of one endpoint', async () => {
  const authority = await createAuthority();
  const stranger = await createAuthority();
  const identity = await authority.issue();
  const client = await stranger.issue({ commonName: 'us', isClient: true });
  const files = {
    'ca.pem': authority.certificate,
    'other.pem': stranger.certificate,
    'client.pem': client.chain,
    'key.pem': client.key,
    'foreign-key.pem': identity.key,
  };
  const ask = async (
    network: Network,
    { tls, clientAuthority }: { tls: Readonly<Record<string, string>>; clientAuthority?: string },
  ) => {
    await using collector = await startOtlpCollector({
      tls: { identity, ...(clientAuthority !== undefined && { clientAuthority }) },
    });
    const home = temporaryHome(files);
    const paths = Object.fromEntries(Object.entries(tls).map(([name, file]) => [name, join(home, file)]));
    await using own = pooled(network.withTls(paths));
    const { outcome } = await own.askHttp({ ...ASK, url: `${collector.url}/v1/logs` });
    return outcome;
  };

  test('their authority is trusted', async () =>
    expect((await ask(plainNetwork(), { tls: { caFile: 'ca.pem' } })).kind).toBe('answered'));

  test('it stands in place of the variables, not beside them', async () => {
    const home = temporaryHome(files);
    const network = networkWith({ SSL_CERT_FILE: join(home, 'ca.pem') });
    expect((await ask(network, { tls: {} })).kind).toBe('answered');
    expect((await ask(network, { tls: { caFile: 'other.pem' } })).kind).toBe('tls_failed');
  });

  test('a collector that asks who we are is told', async () => {
    const clientAuthority = stranger.certificate;
    const shown = { caFile: 'ca.pem', clientCertificateFile: 'client.pem', clientKeyFile: 'key.pem' };
    expect((await ask(plainNetwork(), { tls: shown, clientAuthority })).kind).toBe('answered');
    expect((await ask(plainNetwork(), { tls: { caFile: 'ca.pem' }, clientAuthority })).kind).not.toBe(
      'answered',
    );
  });

  test.each([
    [{ caFile: 'missing.pem' }, 'ca-certificate', 'unreadable'],
    [{ clientCertificateFile: 'missing.pem', clientKeyFile: 'key.pem' }, 'client-certificate', 'unreadable'],
    [
      { clientCertificateFile: 'client.pem', clientKeyFile: 'missing.pem' },
      'client-private-key',
      'unreadable',
    ],
    [
      { clientCertificateFile: 'client.pem', clientKeyFile: 'foreign-key.pem' },
      'client-certificate',
      'invalid',
    ],
    [{ clientCertificateFile: 'key.pem', clientKeyFile: 'key.pem' }, 'client-certificate', 'invalid'],
  ])('%j cannot be used: %s is %s', async (tls, variable, kind) => {
    const outcome = await ask(plainNetwork(), { tls });
    expect(outcome).toMatchObject({ kind: 'trust_unusable', error: { variable, kind } });
    expect(JSON.stringify(outcome)).not.toContain(
      readFileSync(join(temporaryHome(files), 'key.pem'), 'utf8').slice(30, 60),
    );
  });
});
