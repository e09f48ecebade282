import { expect, test } from 'vitest';
import { contextOf, drain, transportTo } from '../../../../fixtures/http-transport.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import type { ProviderOptions } from '../../../../fixtures/model-request.ts';
import { startResponsesServer } from '../../../testing/index.ts';
import type { UnauthorizedRecovery } from '../../auth/recovery.ts';

const reason = new Error('the user has had enough');

/** What never ends, and says that it began. */
function endless(begun: () => void): () => Promise<never> {
  return () => {
    begun();
    return new Promise(() => undefined);
  };
}

const recoveryThat = (next: UnauthorizedRecovery['next']): UnauthorizedRecovery => ({
  mode: 'managed',
  phase: 'refresh_token',
  next,
});

// A login that is renewed waits for another server, as long as half a minute.
test.each<[string, (wait: () => Promise<never>) => ProviderOptions]>([
  ['the credential', (wait) => ({ resolve: wait })],
  [
    'the signature',
    (wait) => ({
      resolved: { auth: { mode: undefined, usesChatgptBackend: false, headers: {}, sign: wait } },
    }),
  ],
  ['the recovery from a 401', (wait) => ({ recovery: () => recoveryThat(wait) })],
])('an interrupt does not wait for %s', async (_name, waiting) => {
  await using server = await startResponsesServer({ responses: [{ status: 401 }] });
  const stop = new AbortController();
  await using used = transportTo(server.baseUrl, { provider: waiting(endless(() => stop.abort(reason))) });
  const { error } = await drain(used.transport.stream(plainRequest(), contextOf(), stop.signal));
  expect(error).toBe(reason);
});
