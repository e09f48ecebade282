import { describe, expect, test } from 'vitest';
import { startFaultServer } from '../../../../fixtures/lab/fault-server.ts';
import type { FaultServer, RecordedRequest, Step } from '../../../../fixtures/lab/fault-server.ts';
import { everyForm, providerFrom, revealed } from '../../../../fixtures/model-provider.ts';

/** Late enough for whoever asks at the same time. */
const answer = (status: number, body: object): Step => ({
  answer: { status, body: JSON.stringify(body), delayMs: 20 },
});

const env = (server: FaultServer): Record<string, string> => ({
  CODEX_ACCESS_TOKEN: 'at-1',
  CODEX_AUTHAPI_BASE_URL: server.url('/api/accounts/'),
});

describe('a personal access token', () => {
  test('gets its account from the server, once', async () => {
    const account = { chatgpt_account_id: 'account-9', chatgpt_account_is_fedramp: true };
    await using server = await startFaultServer([answer(200, account)]);
    const provider = providerFrom({ env: env(server) });
    const all = await Promise.all([provider.resolve(), provider.resolve()]);
    expect(all.map(({ auth }) => revealed(auth.headers))).toEqual(
      all.map(() => ({
        authorization: 'Bearer at-1',
        'chatgpt-account-id': 'account-9',
        'x-openai-fedramp': 'true',
      })),
    );
    const [request] = server.requests as readonly [RecordedRequest];
    expect(request).toMatchObject({
      url: '/api/accounts/v1/user-auth-credential/whoami',
      headers: { authorization: 'Bearer at-1' },
    });
    expect(await provider.recovery().next()).toEqual({
      outcome: 'recovery_not_run',
      reason: 'not_refreshable_auth',
    });
  });

  test.each([
    [401, 'refresh_failed'],
    [500, 'input_output'],
    [200, 'input_output'],
  ])('an answer %i without an account is an error', async (status, kind) => {
    await using server = await startFaultServer([answer(status, { detail: 'hush' })]);
    const error: unknown = await providerFrom({ env: env(server) })
      .resolve()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind } });
    expect(everyForm(error)).not.toMatch(/hush|at-1/);
  });
});
