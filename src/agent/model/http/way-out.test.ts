import { expect, test } from 'vitest';
import { contextOf, drain, failureOf, transportTo } from '../../../../fixtures/http-transport.ts';
import { networkWith } from '../../../../fixtures/network.ts';
import { startFaultProxy } from '../../../../fixtures/lab/fault-proxy.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import type { ModelError } from '../error.ts';

const { signal } = new AbortController();
const LIMITS = { streamMaxRetries: 0, streamIdleTimeoutMs: 5_000, websocketConnectTimeoutMs: 1_000 };
const ADDRESS = 'https://provider.test/v1';

async function failureThrough(
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly failure: ModelError['failure']; readonly attempts: number }> {
  await using used = transportTo(ADDRESS, {
    network: networkWith(variables),
    provider: { limits: { ...LIMITS, requestMaxRetries: 1 } },
  });
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), signal));
  return { failure: failureOf(error), attempts: used.observer.told.length };
}

test('a proxy that asks for credentials is named by its variable', async () => {
  await using proxy = await startFaultProxy({ credentials: { username: 'u', password: 'p' } });
  const { failure, attempts } = await failureThrough({ HTTPS_PROXY: proxy.url });
  expect(failure).toMatchObject({ kind: 'stream', message: expect.stringMatching(/HTTPS_PROXY.*407/) });
  expect(attempts).toBe(2);
});

test('a bundle of authorities that cannot be used ends the turn at once and says which', async () => {
  const { failure, attempts } = await failureThrough({ SSL_CERT_FILE: '/nowhere/authorities.pem' });
  expect(failure).toMatchObject({ kind: 'fatal', message: expect.stringMatching(/SSL_CERT_FILE/) });
  expect(attempts).toBe(1);
});
