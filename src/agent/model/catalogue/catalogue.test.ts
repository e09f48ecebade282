import { describe, expect, test, vi } from 'vitest';
import fc from 'fast-check';
import { chatgptLogin, NOW_MS } from '../../../../fixtures/credentials.ts';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { startFaultServer } from '../../../../fixtures/lab/fault-server.ts';
import type { FaultServer, Script } from '../../../../fixtures/lab/fault-server.ts';
import { everyForm, providerFrom, providerOptions } from '../../../../fixtures/model-provider.ts';
import type { AttemptFacts } from '../../../telemetry/facts/attempt.ts';
import type { ModelProvider } from '../../provider/provider.ts';
import { askForModels, MODELS_TIMEOUT_MS } from './ask-for-models.ts';
import { UNKNOWN_MODEL } from './known.ts';
import { lookUp } from './look-up.ts';
import { readModels } from './read-models.ts';

/** An entry as the server lists it, with the parts that the core reads (recorded from codex 0.169). */
const LISTED = {
  slug: 'gpt-9',
  context_window: 300_000,
  auto_compact_token_limit: 200_000,
  default_reasoning_level: 'high',
  default_reasoning_summary: 'none',
  support_verbosity: true,
  default_verbosity: 'low',
  input_modalities: ['text'],
  supports_search_tool: true,
  service_tiers: [{ id: 'priority', name: 'Fast' }, { name: 'nameless' }],
  use_responses_lite: true,
  truncation_policy: { mode: 'tokens', limit: 9000 },
  apply_patch_tool_type: 'freeform',
  supports_image_detail_original: true,
};
const READ = {
  contextWindow: 300_000,
  autoCompactTokenLimit: 200_000,
  supportsReasoningSummaries: true,
  defaultEffort: 'high',
  defaultSummary: 'none',
  supportsVerbosity: true,
  defaultVerbosity: 'low',
  supportsParallelToolCalls: true,
  supportsImageInput: false,
  supportsToolSearch: true,
  serviceTiers: ['priority'],
  usesResponsesLite: true,
  truncation: { mode: 'tokens', limit: 9000 },
  applyPatch: 'freeform',
  imageDetails: ['auto', 'low', 'high', 'original'],
};

const NOTHING = new Map();

// Measured on codex 0.169: names that begin with a known one, and a maker's name before a slash.
describe('a model that nobody listed', () => {
  test.each([
    ['gpt-5.5', 'gpt-5.5'],
    ['gpt-5.5-mini', 'gpt-5.5'],
    ['maker/gpt-5.5', 'gpt-5.5'],
    ['gpt-5.2-codex', 'gpt-5.2-codex'],
    ['gpt-oss:20b', 'gpt-oss'],
    ['openai/gpt-oss-120b', 'gpt-oss'],
  ])('%s is as %s', (slug, known) =>
    expect(lookUp(slug, NOTHING)).toEqual({ ...lookUp(known, NOTHING), slug }),
  );

  test('a family tells from its members', () => {
    expect(lookUp('gpt-5.5', NOTHING)).toMatchObject({ applyPatch: 'freeform', contextWindow: 272_000 });
    expect(lookUp('gpt-oss:20b', NOTHING)).toMatchObject({
      applyPatch: 'function',
      supportsImageInput: false,
      supportsReasoningSummaries: false,
    });
    expect(lookUp('gpt-6.1-terra', NOTHING)).toMatchObject({
      usesResponsesLite: true,
      contextWindow: 500_000,
    });
  });

  test.each(['llama-3', '', 'maker/', 'x-gpt-5.5'])('nothing is guessed of "%s"', (slug) =>
    expect(lookUp(slug, NOTHING)).toEqual({ slug, ...UNKNOWN_MODEL }),
  );

  test('what a server lists goes before what is known', () =>
    expect(lookUp('gpt-5.5', readModels({ models: [{ slug: 'gpt-5.5', context_window: 7 }] }))).toMatchObject(
      {
        contextWindow: 7,
      },
    ));
});

describe('a list', () => {
  test('is read as the real agent reads it', () =>
    expect([...readModels({ models: [LISTED] })]).toEqual([['gpt-9', READ]]));

  test('of anything at all is read without complaint, and gives whole facts', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('low', 'freeform', 0, -1, Infinity));
    const entry = fc.record(Object.fromEntries(Object.keys(LISTED).map((key) => [key, value])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ models: fc.array(entry) })), (json) => {
        for (const [slug, facts] of readModels(json)) {
          expect(slug).not.toBe('');
          expect(facts.truncation.limit).toBeGreaterThan(0);
          expect(facts.contextWindow ?? 1).toBeGreaterThan(0);
        }
      }),
    );
  });
});

const login = chatgptLogin();
const list = {
  answer: { status: 200, headers: { etag: '"one"' }, body: JSON.stringify({ models: [LISTED] }) },
};

interface Place {
  readonly server: FaultServer;
  readonly provider: ModelProvider;
  readonly attempts: readonly AttemptFacts[];
}

async function withServer(
  script: Script,
  run: (place: Place) => Promise<void>,
  auth: object = login,
): Promise<void> {
  await using server = await startFaultServer(script);
  const attempts: AttemptFacts[] = [];
  const ending = new AbortController();
  const provider = providerFrom(
    { auth, config: `openai_base_url = "${server.url('/v1')}"` },
    { observer: { attempt: (facts) => attempts.push(facts) }, signal: ending.signal },
  );
  await run({ server, provider, attempts });
  ending.abort();
}

/** On a busy machine an answer takes its time. */
const PATIENT = { timeout: 20_000 };

describe('the list of the server', () => {
  test('is asked for in the background of the first request of an account, once', async () =>
    withServer({ 'GET /v1/models': list }, async ({ server, provider, attempts }) => {
      expect(provider.modelInfo('gpt-9')).toEqual({ slug: 'gpt-9', ...UNKNOWN_MODEL });
      await Promise.all([provider.resolve(), provider.resolve()]);
      await vi.waitFor(
        () => expect(provider.modelInfo('gpt-9')).toEqual({ slug: 'gpt-9', ...READ }),
        PATIENT,
      );
      await provider.resolve();
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]).toMatchObject({
        url: '/v1/models?client_version=1.2.3',
        headers: {
          authorization: expect.stringMatching(/^Bearer /) as string,
          'chatgpt-account-id': 'account-1',
          originator: 'stethos',
          'user-agent': 'stethos/1.2.3',
          version: '1.2.3',
        },
      });
      expect(attempts).toEqual([
        {
          kind: 'http',
          endpoint: '/models',
          attempt: 0,
          durationMs: 0,
          httpStatus: 200,
          success: true,
          authHeaderAttached: true,
          authHeaderName: 'authorization',
          authMode: 'Chatgpt',
          retryAfterUnauthorized: false,
        },
      ]);
    }));

  test('is asked for again when its etag is another one, once per etag', async () =>
    withServer({ 'GET /v1/models': list }, async ({ server, provider, attempts }) => {
      provider.noteModelsEtag('"one"');
      provider.noteModelsEtag('"one"');
      await vi.waitFor(() => expect(attempts).toHaveLength(1), PATIENT);
      provider.noteModelsEtag('"one"');
      provider.noteModelsEtag('"two"');
      provider.noteModelsEtag('"two"');
      await vi.waitFor(() => expect(attempts).toHaveLength(2), PATIENT);
      expect(server.requests).toHaveLength(2);
    }));

  test('is not asked for with an API key', async () =>
    withServer(
      [],
      async ({ server, provider }) => {
        await provider.resolve();
        expect(server.requests).toHaveLength(0);
      },
      { OPENAI_API_KEY: 'key' },
    ));

  test('that does not come leaves the table, and telemetry hears why', async () =>
    withServer(
      {
        'GET /v1/models': {
          answer: {
            status: 403,
            headers: { 'x-request-id': 'req-1', 'x-openai-authorization-error': 'no' },
            body: 'hush',
          },
        },
      },
      async ({ provider, attempts }) => {
        await provider.resolve();
        await vi.waitFor(() => expect(attempts).toHaveLength(1), PATIENT);
        expect(attempts[0]).toMatchObject({
          success: false,
          httpStatus: 403,
          error: 'http 403',
          requestId: 'req-1',
          authorizationError: 'no',
        });
        expect(everyForm(attempts)).not.toContain('hush');
        expect(provider.modelInfo('gpt-5.5').contextWindow).toBe(272_000);
      },
    ));

  test.each<[string, Script]>([
    ['resets', { '*': 'reset' }],
    ['sends no JSON', { '*': { answer: { status: 200, body: '<html>' } } }],
  ])('nothing comes of a server that %s', async (_name, script) => {
    await using server = await startFaultServer(script);
    expect(await askedOf(server, { timeoutMs: MODELS_TIMEOUT_MS })).toEqual({ answer: undefined, told: 1 });
    expect(server.requests[0]?.url).toBe('/v1/models?key=hush&client_version=1.2.3');
  });

  test('a server that is silent is given up', async () => {
    await using server = await startFaultServer({ '*': 'silent' });
    expect(await askedOf(server, { timeoutMs: 50 })).toEqual({ answer: undefined, told: 1 });
  });
});

/** What a server gives that is asked directly, and how often the observer heard of it. */
async function askedOf(
  server: FaultServer,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<{ readonly answer: unknown; readonly told: number }> {
  const attempts: AttemptFacts[] = [];
  const answer = await askForModels(
    {
      baseUrl: server.url('/v1'),
      queryParameters: { key: 'hush' },
      headers: {},
      auth: { mode: undefined, usesChatgptBackend: false, headers: {} },
    },
    {
      ...providerOptions({}),
      signal: undefined,
      observer: { attempt: (facts) => attempts.push(facts) },
      timeoutMs,
    },
  );
  expect(everyForm(attempts)).not.toContain('hush');
  return { answer, told: attempts.length };
}

const homeWith = (cache: object, config = ''): string =>
  temporaryHome({ 'config.toml': config, 'models_cache.json': JSON.stringify(cache) });

describe('the list that a real agent left in the home', () => {
  const cache = {
    fetched_at: new Date(NOW_MS - 60_000).toISOString(),
    etag: '"one"',
    client_version: '1.2.3',
    identity: 'ab12',
    models: [LISTED],
  };

  test('counts while it is fresh', () =>
    expect(providerFrom({ home: homeWith(cache) }).modelInfo('gpt-9').contextWindow).toBe(300_000));

  test.each<[string, object, string]>([
    ['old', { ...cache, fetched_at: new Date(NOW_MS - 300_000).toISOString() }, ''],
    ['of the future', { ...cache, fetched_at: new Date(NOW_MS + 1).toISOString() }, ''],
    ['without a time', { ...cache, fetched_at: 'yesterday' }, ''],
    ['for another version', { ...cache, client_version: '1.2.4' }, ''],
    ['perhaps of another server', cache, 'openai_base_url = "http://box.test/v1"'],
    ['of another kind', [cache], ''],
  ])('does not count when it is %s', (_name, content, config) =>
    expect(
      providerFrom({ home: homeWith(content, config) }).modelInfo('gpt-9').contextWindow,
    ).toBeUndefined(),
  );
});
