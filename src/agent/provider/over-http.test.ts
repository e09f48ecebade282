import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { contextOf, drain } from '../../../fixtures/http-transport.ts';
import { plainNetwork } from '../../../fixtures/network.ts';
import { chatgptLogin, NOW_MS, tokenOf } from '../../../fixtures/credentials.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { RecordedRequest, Step } from '../../../fixtures/lab/fault-server.ts';
import { plainRequest, recordingObserver } from '../../../fixtures/model-request.ts';
import { systemClock } from '../../host/clock.ts';
import { createHttpTransport } from '../model/http/transport.ts';
import type { ModelProvider } from './provider.ts';
import { providerFrom } from '../../../fixtures/model-provider.ts';

const { signal } = new AbortController();
const fine: Step = { events: [{ type: 'response.completed', response: { id: 'r' } }] };
const unauthorized: Step = { answer: { status: 401, body: '{}' } };

/** One request over the transport of the core; its error, if it has one. */
async function requestWith(provider: ModelProvider): Promise<unknown> {
  const network = plainNetwork();
  const transport = createHttpTransport({
    network,
    provider,
    identity: { originator: 'stethos', userAgent: 'stethos/1.2.3', installationId: 'install-1' },
    compressesRequests: true,
    observer: recordingObserver(),
    clock: systemClock,
    random: () => 0.5,
    wait: async () => undefined,
  });
  const { error } = await drain(transport.stream(plainRequest(), contextOf(), signal));
  await (await network.dispatcher()).destroy();
  return error;
}

// The whole way of spec/transport.md 4.6: 401, reload, 401, refresh, 401, the end.
test('a request of a login is sent three times, the last with a renewed token', async () => {
  const renewed = tokenOf({ exp: NOW_MS / 1000 + 86_400 });
  const login = chatgptLogin();
  const stored = (login['tokens'] as Record<string, string>)['access_token'];
  await using server = await startFaultServer({
    'POST /oauth/token': { answer: { status: 200, body: JSON.stringify({ access_token: renewed }) } },
    'POST /v1/responses': unauthorized,
  });
  const provider = providerFrom({
    auth: login,
    config: `openai_base_url = "${server.url('/v1')}"`,
    env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: server.url('/oauth/token') },
  });
  const error = await requestWith(provider);
  expect(error).toMatchObject({ failure: { kind: 'unexpected_status', facts: { status: 401 } } });
  expect(server.requests.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
    ['/v1/responses', `Bearer ${stored}`],
    ['/v1/responses', `Bearer ${stored}`],
    ['/oauth/token', undefined],
    ['/v1/responses', `Bearer ${renewed}`],
  ]);
});

const SECRET = 'a-made-up-secret-key';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The signature that the received request should have, worked out from Amazon's description alone. */
function expectedSignature({ method, url, headers, body }: RecordedRequest): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(String(headers['authorization'])) ?? [];
  const [path = '', query = ''] = url.split('?', 2);
  const canonical = [
    method,
    path,
    query,
    ...names.split(';').map((name) => `${name}:${String(headers[name])}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  let key: Buffer = Buffer.from(`AWS4${SECRET}`);
  for (const part of scope.split('/')) key = hmac(key, part);
  return hmac(key, text).toString('hex');
}

test('what Amazon receives is what was signed, each time anew (trap 28)', async () => {
  await using server = await startFaultServer([{ answer: { status: 500 } }, fine]);
  const provider = providerFrom({
    config: `model_provider = "amazon-bedrock"
      [model_providers.amazon-bedrock]
      base_url = "${server.url('/openai/v1')}"
      query_params = { a = "1" }
      [model_providers.amazon-bedrock.aws]
      region = "us-east-1"`,
    env: { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET },
  });
  const error = await requestWith(provider);
  expect(error).toBeUndefined();
  expect(server.requests).toHaveLength(2);
  for (const request of server.requests)
    expect(String(request.headers['authorization'])).toMatch(
      new RegExp(`Signature=${expectedSignature(request)}$`),
    );
});
