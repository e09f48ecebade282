import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { everyForm, providerFrom, revealed } from '../../../../fixtures/model-provider.ts';
import type { GivenHome } from '../../../../fixtures/model-provider.ts';
import type { ResolvedProvider, SignableRequest } from '../provider.ts';
import { keysWithin } from './credentials.ts';

const UNSET = undefined;

// Amazon's client reads the real environment; it must find neither keys nor a metadata service there.
beforeEach(() => {
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of [
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_ROLE_ARN',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ])
    vi.stubEnv(name, UNSET);
});
afterEach(() => vi.unstubAllEnvs());

const BEDROCK = 'model_provider = "amazon-bedrock"\n';
const inRegion = (region: string): string =>
  `${BEDROCK}[model_providers.amazon-bedrock.aws]\nregion = "${region}"`;
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hush-hush-hush' };
const TOKEN = { AWS_BEARER_TOKEN_BEDROCK: ' bedrock-1 ' };
const urlOf = (region: string): string => `https://bedrock-mantle.${region}.api.aws/openai/v1`;

const request = (parts: Partial<SignableRequest> = {}): SignableRequest => ({
  method: 'POST',
  url: 'https://bedrock-mantle.us-east-1.api.aws/openai/v1/responses?a=1',
  headers: { 'content-type': 'application/json', x_internal: 'dropped' },
  body: Buffer.from('{"model":"openai.gpt-5.5"}'),
  ...parts,
});

async function signed(resolved: ResolvedProvider, asked = request()): Promise<Record<string, string>> {
  if (!resolved.auth.sign) throw new Error('this provider signs nothing');
  return revealed(await resolved.auth.sign(asked));
}

// DECISIONS 10.
describe('the region of a request', () => {
  test.each<[string, GivenHome, string]>([
    ['of the configuration, with a token', { config: inRegion(' eu-west-1 '), env: TOKEN }, 'eu-west-1'],
    [
      'of the configuration, with keys',
      { config: inRegion('eu-west-1'), env: { ...KEYS, AWS_REGION: 'us-west-2' } },
      'eu-west-1',
    ],
    [
      'of the environment',
      { config: BEDROCK, env: { ...KEYS, AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'sa-east-1' } },
      'us-west-2',
    ],
    [
      'of the older variable',
      { config: BEDROCK, env: { ...KEYS, AWS_DEFAULT_REGION: 'sa-east-1' } },
      'sa-east-1',
    ],
    ['by default', { config: BEDROCK, env: KEYS }, 'us-east-1'],
  ])('%s', async (_name, given, region) =>
    expect((await providerFrom(given).resolve()).baseUrl).toBe(urlOf(region)),
  );

  test('of the profile', async () => {
    const home = temporaryHome({
      'config.toml': `${BEDROCK}[model_providers.amazon-bedrock.aws]\nprofile = "work"`,
      '.aws/config': '[profile work]\nregion = eu-north-1\n',
      '.aws/credentials': '[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = hush\n',
    });
    const resolved = await providerFrom({ home, env: KEYS }).resolve();
    expect(resolved.baseUrl).toBe(urlOf('eu-north-1'));
    // The configured profile goes before the variables.
    expect((await signed(resolved))['authorization']).toContain('Credential=AKIDWORK/');
  });

  test.each<[string, GivenHome, RegExp]>([
    [
      'a token without a configured region',
      { config: BEDROCK, env: { ...TOKEN, AWS_REGION: 'us-east-1' } },
      /Set `region`/,
    ],
    ['a region that is not served', { config: inRegion('mars-north-1'), env: TOKEN }, /does not serve/],
  ])('%s is fatal', async (_name, given, words) => {
    const failure: unknown = await providerFrom(given)
      .resolve()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ failure: { kind: 'fatal' } });
    expect(everyForm(failure)).toMatch(words);
    expect(everyForm(failure)).not.toContain('bedrock-1');
  });

  test('a blank region counts as none', async () => {
    const env = { ...KEYS, AWS_REGION: ' ', AWS_DEFAULT_REGION: '' };
    expect((await providerFrom({ config: inRegion(' '), env }).resolve()).baseUrl).toBe(urlOf('us-east-1'));
  });
});

test('a token is sent as it is, without white space around, whatever profiles say', async () => {
  const env = { ...TOKEN, ...KEYS, AWS_PROFILE: 'bogus' };
  const { auth, headers } = await providerFrom({ config: inRegion('us-east-1'), env }).resolve();
  expect(auth.sign).toBeUndefined();
  expect(revealed(auth.headers)).toEqual({ authorization: 'Bearer bedrock-1' });
  expect(revealed(headers)).toEqual({ 'x-amzn-mantle-client-agent': 'codex' });
});

const resolve = (env: object = {}): Promise<ResolvedProvider> =>
  providerFrom({ config: inRegion('us-east-1'), env: { ...KEYS, ...env } }).resolve();

describe('a signature', () => {
  test('covers the final bytes and headers, and drops names with an underscore (trap 28)', async () => {
    const resolved = await resolve({ AWS_SESSION_TOKEN: 'hush-session' });
    expect(resolved.auth.headers).toEqual({});
    const headers = await signed(resolved);
    expect(Object.keys(headers).toSorted()).toEqual([
      'authorization',
      'content-type',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
    ]);
    expect(headers['x-amz-content-sha256']).toBe(createHash('sha256').update(request().body).digest('hex'));
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261120\/us-east-1\/bedrock-mantle\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    expect(everyForm(await resolved.auth.sign?.(request()))).not.toMatch(/Signature|hush/);
  });

  test('changes with the body, the address and the headers, and with nothing else', async () => {
    const resolved = await resolve();
    const signatureOf = async (parts: Partial<SignableRequest>): Promise<string> =>
      (await signed(resolved, request(parts)))['authorization'] ?? '';
    const all = [
      await signatureOf({}),
      await signatureOf({ body: Buffer.from('{}') }),
      await signatureOf({ url: 'https://bedrock-mantle.us-east-1.api.aws/openai/v1/responses?a=2' }),
      await signatureOf({ headers: { 'content-type': 'text/plain' } }),
    ];
    expect(new Set(all).size).toBe(4);
    expect(await signatureOf({})).toBe(all[0]);
  });

  test('without any credential is impossible for good', async () => {
    const home = temporaryHome({ 'config.toml': inRegion('us-east-1') });
    const env = {
      AWS_CONFIG_FILE: join(home, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'none'),
    };
    const resolved = await providerFrom({ home, env }).resolve();
    await expect(signed(resolved)).rejects.toMatchObject({ failure: { kind: 'fatal' } });
  });

  test.each<[string, () => Promise<never>]>([
    ['nobody answers', () => new Promise(() => undefined)],
    ['asking fails', () => Promise.reject(new Error('connect hush'))],
  ])('may be tried again where %s', async (_name, source) => {
    const failure: unknown = await keysWithin(source, 5).catch((error: unknown) => error);
    expect(failure).toMatchObject({ failure: { kind: 'stream' } });
    expect(everyForm(failure)).not.toContain('hush');
  });
});

test('keys and tokens that a login stored are used before any other', async () => {
  const token = { bedrock_api_key: { api_key: 'stored-1', region: 'eu-west-2' } };
  const bearer = await providerFrom({ config: BEDROCK, auth: token, env: TOKEN }).resolve();
  expect([bearer.baseUrl, revealed(bearer.auth.headers)]).toEqual([
    urlOf('eu-west-2'),
    { authorization: 'Bearer stored-1' },
  ]);
  const keys = { access_key_id: 'AKIDSTORED', secret_access_key: 'hush', region: 'eu-west-2' };
  const signing = await providerFrom({
    config: BEDROCK,
    auth: { bedrock_access_keys: keys },
    env: TOKEN,
  }).resolve();
  expect((await signed(signing))['authorization']).toContain('Credential=AKIDSTORED/20261120/eu-west-2/');
});

test('a 401 is left as it came, and the catalogue is a table', async () => {
  const provider = providerFrom({ config: inRegion('us-east-1'), env: TOKEN });
  const recovery = provider.recovery();
  expect([recovery.mode, recovery.phase]).toEqual(['none', 'none']);
  expect(await recovery.next()).toEqual({ outcome: 'recovery_not_run', reason: 'auth_manager_missing' });
  expect(provider).toMatchObject({
    supportsWebsockets: false,
    capabilities: { namespaceTools: true, imageGeneration: false, webSearch: false },
  });
  for (const slug of ['openai.gpt-5.5', 'openai.gpt-5.4'])
    expect(provider.modelInfo(slug)).toMatchObject({ slug, contextWindow: 272_000, serviceTiers: [] });
});
