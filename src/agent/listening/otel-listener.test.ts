import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startOtlpCollector } from '../../../fixtures/otlp-collector.ts';
import type { OtlpCollector } from '../../../fixtures/otlp-collector.ts';
import { turn } from '../../../fixtures/thread-events.ts';
import { agentAt, LAB_KEY } from '../../../fixtures/turn-faults/agent-at.ts';
import type { AgentPlace } from '../../../fixtures/turn-faults/agent-at.ts';
import { completed, created, functionCall, message } from '../../testing/responses/events.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';
import type { AgentOptions } from '../agent.ts';

type PlaceOptions = Omit<AgentOptions, 'env' | 'home' | 'cwd'> & {
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the home. */
  readonly contents?: Readonly<Record<string, string>>;
};

async function placeOf(options: PlaceOptions): Promise<{
  readonly place: AgentPlace;
  readonly collector: OtlpCollector;
}> {
  const collector = await startOtlpCollector();
  const server = await startResponsesServer({
    responses: [
      { status: 500, headers: { 'x-request-id': 'request-1' } },
      [created('r1'), message('done'), completed('r1')],
    ],
  });
  const env = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const place = agentAt(server.baseUrl, 'http', { env, ...options });
  onTestFinished(async () => {
    await place[Symbol.asyncDispose]();
    await server.close();
    await collector[Symbol.asyncDispose]();
  });
  return { place, collector };
}

it('exports what happened, wherever the agent was started, and all of it before it is closed', async () => {
  const { place, collector } = await placeOf({});
  const thread = await place.agent.startThread();
  await turn(thread, 'go');
  await place.agent.close();
  const spans = collector.spans();
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['session_task.turn', 'op.dispatch.user_input']),
  );
  expect(collector.logRecords().map(({ attributes }) => attributes['event.name'])).toEqual(
    expect.arrayContaining([
      'codex.conversation_starts',
      'codex.user_prompt',
      'codex.api_request',
      'codex.turn_ttft',
    ]),
  );
  expect(collector.metrics().map(({ name }) => name)).toContain('codex.turn.e2e_duration_ms');
  const sent = Buffer.concat(collector.requests.map(({ bytes }) => bytes)).toString('latin1');
  expect(sent).toContain('request-1');
  expect(sent).not.toContain(LAB_KEY);
});

it('a key that the model or a tool repeats stays here, though no rule could tell it from a word', async () => {
  const key = 'planted-7-key-of-the-lab';
  const collector = await startOtlpCollector();
  const server = await startResponsesServer({
    responses: [
      [created('r1'), functionCall('unknown', { text: `it is ${key}` }), completed('r1')],
      [created('r2'), message(`it is ${key}`), completed('r2')],
    ],
  });
  const env = {
    LAB_KEY: key,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  };
  const place = agentAt(server.baseUrl, 'http', { env });
  const thread = await place.agent.startThread();
  await turn(thread, 'go');
  await place.agent.close();
  const sent = Buffer.concat(collector.requests.map(({ bytes }) => bytes)).toString('latin1');
  await Promise.all([place[Symbol.asyncDispose](), server.close(), collector.close()]);
  expect(sent).toContain('<known-secret:1>');
  expect(sent).not.toContain(key);
});

it.each<[string, PlaceOptions]>([
  ['it is switched off', { telemetry: 'off' }],
  ['nobody asked for it', { env: {} }],
])('exports nothing where %s', async (_name, options) => {
  const { place, collector } = await placeOf(options);
  const thread = await place.agent.startThread();
  await turn(thread, 'go');
  await place.agent.close();
  expect(collector.requests).toEqual([]);
});

it('an agent that only examines another home tells nobody, whatever that home and the environment say', async () => {
  const folder = temporaryHome();
  const traces = join(folder, 'traces');
  const { place, collector } = await placeOf({
    examination: { profile: 'stethos', folder },
    contents: { '.env': `STETHOS_ROLLOUT_TRACE_ROOT=${traces}\n` },
    telemetry: 'configured',
  });
  const thread = await place.agent.startThread();
  await turn(thread, 'go');
  await place.agent.close();
  expect(collector.requests).toEqual([]);
  expect(existsSync(traces)).toBe(false);
});

it('a collector that is not there costs the agent nothing, and what was lost is told once', async () => {
  const warnings: string[] = [];
  const { place, collector } = await placeOf({ onWarning: (text) => warnings.push(text) });
  await collector[Symbol.asyncDispose]();
  const thread = await place.agent.startThread();
  expect((await turn(thread, 'go')).at(-1)).toMatchObject({ last_agent_message: 'done' });
  await expect(place.agent.close()).resolves.toBeUndefined();
  expect(warnings).toEqual([expect.stringMatching(/^Not all telemetry arrived: lost .*\d+ of traces \(/)]);
});
