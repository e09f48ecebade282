import { describe, expect, it, onTestFinished } from 'vitest';
import { createCanaries } from '../../fixtures/canaries.ts';
import type { Canaries } from '../../fixtures/canaries.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { prompt } from '../../fixtures/thread.ts';
import { leaksOf, watchAgent } from '../../fixtures/watched-agent.ts';
import type { WatchedRun } from '../../fixtures/watched-agent.ts';
import {
  completed,
  created,
  failed,
  functionCall,
  incomplete,
  message,
} from '../testing/responses/events.ts';
import type { ServerScript, Step } from '../testing/responses/script.ts';
import { startResponsesServer } from '../testing/responses-server.ts';
import type { ResponsesServer } from '../testing/responses-server.ts';
import type { Op } from './protocol/op.ts';

type Wire = 'http' | 'websocket';

/** What a request to the provider carries that is secret. */
interface Carried {
  readonly key: string;
  readonly staticHeader: string;
  readonly variableHeader: string;
  readonly query: string;
}

/** Everything that a server has seen, in the spellings that servers use. */
const echoOf = ({ key, staticHeader, variableHeader, query }: Carried): string =>
  [
    `Authorization: Bearer ${key}`,
    staticHeader,
    encodeURIComponent(variableHeader),
    `/v1/responses?sig=${query}`,
    Buffer.from(key).toString('base64'),
  ].join(' ');

/** Each header that something is told from, so that one of them holds what was sent. */
const echoingHeaders = (echo: string): Record<string, string> => ({
  'x-request-id': echo,
  'x-oai-request-id': echo,
  'cf-ray': echo,
  'x-openai-authorization-error': echo,
  'x-error-json': Buffer.from(JSON.stringify({ error: { code: echo } })).toString('base64'),
  'x-codex-active-limit': 'other',
  'x-other-limit-name': echo,
  'x-other-primary-used-percent': '100',
  'x-codex-promo-message': echo,
  'x-codex-credits-has-credits': 'true',
  'x-codex-credits-unlimited': 'false',
  'x-codex-credits-balance': echo,
  'openai-model': echo,
  'x-models-etag': echo,
  location: `/elsewhere?${encodeURIComponent(echo)}`,
});

const errorBody = (echo: string, type = echo): { error: Record<string, string> } => ({
  error: { message: `refused: ${echo}`, code: echo, type, plan_type: echo, param: echo },
});

interface Place {
  readonly canaries: Canaries;
  readonly server: ResponsesServer;
  readonly run: (ops?: readonly Op[]) => Promise<WatchedRun>;
}

/** A home with a secret in every place that takes one, and a provider that has seen some of them. */
async function placeWith(wire: Wire, script: (echo: string) => ServerScript): Promise<Place> {
  const canaries = createCanaries();
  const { plant } = canaries;
  const carried: Carried = {
    key: plant('env_key'),
    staticHeader: plant('http_headers'),
    variableHeader: plant('env_http_headers'),
    query: plant('query_params'),
  };
  const server = await startResponsesServer(script(echoOf(carried)));
  onTestFinished(() => server.close());
  const address = new URL(server.baseUrl);
  address.username = plant('user name of base_url');
  address.password = plant('password of base_url');
  const home = temporaryHome({
    '.env': `FROM_FILE=${plant('.env')}\n`,
    'auth.json': JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: plant('auth.json') }),
    'config.toml': `model = "gpt-5.3-codex"
model_provider = "lab"
sandbox_mode = "danger-full-access"
unknown_key = "${plant('an unknown key')}"

[model_providers.lab]
name = "Lab"
base_url = "${address.href}"
env_key = "LAB_KEY"
request_max_retries = 0
stream_max_retries = 1
supports_websockets = ${wire === 'websocket'}
http_headers = { x-static = "${carried.staticHeader}" }
env_http_headers = { x-variable = "HEADER_VARIABLE" }
query_params = { sig = "${carried.query}" }

[model_providers.other]
name = "Other"
base_url = "http://127.0.0.1:9/v1"
experimental_bearer_token = "${plant('token of another provider')}"
`,
  });
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    LAB_KEY: carried.key,
    HEADER_VARIABLE: carried.variableHeader,
    OPENAI_API_KEY: plant('OPENAI_API_KEY'),
    CODEX_ACCESS_TOKEN: `at-${plant('CODEX_ACCESS_TOKEN')}`,
    AWS_SECRET_ACCESS_KEY: plant('AWS_SECRET_ACCESS_KEY'),
    HTTPS_PROXY: `http://user:${plant('password of a proxy')}@127.0.0.1:9`,
  };
  return {
    canaries,
    server,
    run: (ops = [prompt('go')]) => watchAgent({ home, cwd: home, env, entryPoint: 'exec' }, ops),
  };
}

const healthy: Step = [created('r1'), message('done'), completed('r1')];
const plan = functionCall('update_plan', { plan: [{ step: 'look', status: 'pending' }] });

const WIRES = ['http', 'websocket'] as const;
const STATUSES = [307, 400, 401, 403, 429, 500, 503] as const;

describe.each(WIRES)('over %s', (wire) => {
  it('a turn gives nothing away, and the provider gets what belongs to it alone', async () => {
    const { run, server, canaries } = await placeWith(wire, () => ({
      responses: [[created('r1'), plan, completed('r1')], healthy],
    }));
    const { events, said } = await run();
    expect(events.at(-1)).toMatchObject({ type: 'shutdown_complete' });
    expect(events.map(({ type }) => type)).toContain('plan_update');
    expect(leaksOf(said, canaries)).toEqual([]);
    const received = canaries.foundIn(JSON.stringify([server.requests, server.upgrades]));
    expect(received.toSorted()).toEqual(['env_http_headers', 'env_key', 'http_headers', 'query_params']);
    expect(canaries.foundIn(JSON.stringify(server.requests.map(({ body }) => body)))).toEqual([]);
  });

  it.each(STATUSES)('status %i with everything in its body and headers', async (status) => {
    for (const body of [(echo: string) => errorBody(echo), (echo: string) => `<b>${echo}</b>`]) {
      const { run, canaries } = await placeWith(wire, (echo) => ({
        responses: () => ({ status, headers: echoingHeaders(echo), body: body(echo) }),
      }));
      const { events, said } = await run();
      expect(events.map(({ type }) => type)).toContain('error');
      expect(leaksOf(said, canaries)).toEqual([]);
    }
  });

  it.each(['usage_limit_reached', 'usage_not_included', 'cyber_policy'])('%s', async (type) => {
    const { run, canaries } = await placeWith(wire, (echo) => ({
      responses: () => ({
        status: type === 'cyber_policy' ? 400 : 429,
        headers: echoingHeaders(echo),
        body: { error: { ...errorBody(echo, type).error, ...(type === 'cyber_policy' && { code: type }) } },
      }),
    }));
    const { events, said } = await run();
    expect(events.map(({ type: told }) => told)).toContain('error');
    expect(leaksOf(said, canaries)).toEqual([]);
  });

  it.each(['invalid_prompt', 'cyber_policy', 'rate_limit_exceeded', 'something_new'])(
    'a response that fails with %s',
    async (code) => {
      const { run, canaries } = await placeWith(wire, (echo) => ({
        responses: () => [created('r1'), failed(code, `${echo} try again in 1ms`)],
      }));
      const { events, said } = await run();
      expect(events.map(({ type }) => type)).toContain('error');
      expect(leaksOf(said, canaries)).toEqual([]);
    },
  );

  it('a response that is incomplete for a reason that says everything', async () => {
    const { run, canaries } = await placeWith(wire, (echo) => ({
      responses: () => [created('r1'), incomplete(echo)],
    }));
    const { events, said } = await run();
    expect(events.map(({ type }) => type)).toContain('error');
    expect(leaksOf(said, canaries)).toEqual([]);
  });

  it('an answer with everything in its headers', async () => {
    const { run, canaries } = await placeWith(wire, (echo) => ({
      upgrades: [{ status: 101, headers: echoingHeaders(echo) }],
      responses: () => ({ headers: echoingHeaders(echo), actions: healthy }),
    }));
    const { events, said } = await run();
    expect(events.map(({ type }) => type)).toContain('task_complete');
    expect(leaksOf(said, canaries)).toEqual([]);
  });

  it('a compaction that fails', async () => {
    const { run, canaries } = await placeWith(wire, (echo) => {
      const refusal = { status: 400, headers: echoingHeaders(echo), body: errorBody(echo) };
      return { responses: [healthy, refusal, refusal], compactions: [refusal] };
    });
    const { events, said } = await run([prompt('go'), { type: 'compact' }]);
    expect(events.map(({ type }) => type)).toContain('error');
    expect(leaksOf(said, canaries)).toEqual([]);
  });
});

describe('a WebSocket', () => {
  it.each(STATUSES)('that is refused with %i', async (status) => {
    const { run, canaries, server } = await placeWith('websocket', (echo) => {
      const refusal = { status, headers: echoingHeaders(echo), body: errorBody(echo) };
      return { upgrades: [refusal, refusal, refusal, refusal], responses: () => refusal };
    });
    const { events, said } = await run();
    expect(server.upgrades.length).toBeGreaterThan(0);
    expect(events.map(({ type }) => type)).toContain('error');
    expect(leaksOf(said, canaries)).toEqual([]);
  });

  it('that is closed with a reason', async () => {
    const { run, canaries } = await placeWith('websocket', (echo) => ({
      responses: () => [created('r1'), { close: 1008, reason: echo.slice(0, 120) }],
    }));
    const { said } = await run();
    expect(leaksOf(said, canaries)).toEqual([]);
  });

  it('with an error frame that grows old, or tells its headers', async () => {
    const { run, canaries } = await placeWith('websocket', (echo) => {
      const frame = {
        type: 'error',
        status: 403,
        headers: echoingHeaders(echo),
        error: { code: 'websocket_connection_limit_reached', message: echo },
      };
      return { responses: [[frame], [{ ...frame, error: { message: echo } }], [frame], [frame]] };
    });
    const { events, said } = await run();
    expect(events.map(({ type }) => type)).toContain('error');
    expect(leaksOf(said, canaries)).toEqual([]);
  });
});
