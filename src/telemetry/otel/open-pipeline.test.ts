import { context, diag, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import { closedPort } from '../../../fixtures/lab/listener.ts';
import { networkWith, plainNetwork } from '../../../fixtures/network.ts';
import { startOtlpCollector } from '../../../fixtures/otlp-collector.ts';
import type { Network } from '../../net/network.ts';
import { openOtelPipeline } from './open-pipeline.ts';
import type { OtelPipeline } from './pipeline.ts';
import { readOtelSettings } from './read-settings.ts';

const IN_TIME = { timeoutMs: 10_000 };
/** Nothing goes out by itself while a test runs on a slow machine. */
const NO_HURRY = { OTEL_BSP_SCHEDULE_DELAY: '600000', OTEL_BLRP_SCHEDULE_DELAY: '600000' };

/** A pipeline with all signals on, as these variables set it up. */
function open(
  environment: Readonly<Record<string, string>>,
  {
    network = plainNetwork(),
    only = ['TRACES', 'LOGS', 'METRICS'],
  }: { network?: Network; only?: readonly string[] } = {},
): Promise<OtelPipeline> {
  const config = { effective: {}, sourceOf: () => undefined };
  const on = Object.fromEntries(only.map((signal) => [`OTEL_${signal}_EXPORTER`, 'otlp']));
  return openOtelPipeline(
    readOtelSettings({ config, environment: { ...NO_HURRY, ...on, ...environment }, cwd: '/' }),
    {
      network,
      service: { name: 'codex_exec', version: '1.2.3' },
      machine: { hostName: 'box', os: 'Debian GNU/Linux', osVersion: '12' },
      scopes: { traces: 'codex_exec', logs: 'codex_otel', metrics: 'codex' },
      random: () => 0.5,
    },
  );
}

function say({ tracer, logger, meter }: OtelPipeline): void {
  const parent = tracer?.startSpan('turn', { attributes: { 'thread.id': 't' } }, ROOT_CONTEXT);
  tracer?.startSpan('tool', {}, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT).end();
  parent?.end();
  logger?.emit({
    eventName: 'codex.tool_decision',
    timestampMs: 1_700_000_000_123,
    severity: 'INFO',
    attributes: { duration_ms: '5', attempt: 2, 'auth.header_attached': true, servers: ['a', 'b'] },
    ...(parent && { span: parent.spanContext() }),
  });
  meter?.createCounter('codex.tool.call').add(2, { tool: 'shell' });
  meter?.createHistogram('codex.tool.call.duration_ms', { unit: 'ms' }).record(5);
}

describe.each([
  ['http/protobuf', 'none'],
  ['http/protobuf', 'gzip'],
  ['http/json', 'none'],
])('over %s with %s', (protocol, compression) => {
  test('everything arrives with its types, its resource and its scope', async () => {
    await using collector = await startOtlpCollector();
    const pipeline = await open({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=planted%20key',
      OTEL_RESOURCE_ATTRIBUTES: 'team=core',
    });
    say(pipeline);
    expect(await pipeline.shutdown(IN_TIME)).toEqual([]);

    expect(collector.requests.map(({ signal }) => signal)).toEqual(['traces', 'metrics', 'logs']);
    for (const { headers } of collector.requests) expect(headers['x-key']).toBe('planted key');
    const resource = { 'service.name': 'codex_exec', 'service.version': '1.2.3', env: 'dev', team: 'core' };
    const [tool, turn] = collector.spans();
    expect(turn).toMatchObject({
      name: 'turn',
      parentSpanId: '',
      attributes: { 'thread.id': 't' },
      scope: { name: 'codex_exec', version: '1.2.3' },
      resource: { attributes: { ...resource, 'telemetry.sdk.language': 'nodejs' } },
    });
    expect(tool).toMatchObject({ name: 'tool', parentSpanId: turn?.spanId, traceId: turn?.traceId });
    expect(turn?.resource.attributes).not.toHaveProperty('host.name');
    expect(collector.logRecords()).toMatchObject([
      {
        eventName: 'codex.tool_decision',
        timeMs: 1_700_000_000_123,
        severityText: 'INFO',
        severityNumber: 9,
        body: undefined,
        traceId: turn?.traceId,
        types: { duration_ms: 'string', attempt: 'int', 'auth.header_attached': 'bool', servers: 'array' },
        attributes: { duration_ms: '5', attempt: 2, 'auth.header_attached': true, servers: ['a', 'b'] },
        resource: { attributes: { ...resource, 'host.name': 'box' } },
        scope: { name: 'codex_otel' },
      },
    ]);
    expect(collector.metrics()).toMatchObject([
      {
        name: 'codex.tool.call',
        temporality: 'delta',
        points: [{ value: 2, attributes: { tool: 'shell' } }],
        scope: { name: 'codex' },
        resource: { attributes: { ...resource, os: 'Debian_GNU/Linux', os_version: '12' } },
      },
      {
        name: 'codex.tool.call.duration_ms',
        unit: 'ms',
        temporality: 'delta',
        points: [{ count: 1, sum: 5 }],
      },
    ]);
  });
});

test('a signal that is off is absent, and asks nobody', async () => {
  await using collector = await startOtlpCollector();
  const pipeline = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { only: ['LOGS'] });
  expect([pipeline.tracer, pipeline.meter]).toEqual([undefined, undefined]);
  say(pipeline);
  await pipeline.shutdown(IN_TIME);
  expect(collector.requests.map(({ signal }) => signal)).toEqual(['logs']);
});

test('nothing is registered globally', async () => {
  await using collector = await startOtlpCollector();
  const pipeline = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const span = trace.getTracer('of the application').startSpan('work');
  expect(span.isRecording()).toBe(false);
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => expect(context.active()).toBe(ROOT_CONTEXT));
  metrics.getMeter('of the application').createCounter('count').add(1);
  expect(propagation.fields()).toEqual([]);
  expect(diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} })).toBe(true);
  diag.disable();
  await pipeline.shutdown(IN_TIME);
  expect(collector.requests).toEqual([]);
});

test.each([
  [{ status: 401 }, 'http_unauthorized'],
  [{ status: 403 }, 'http_forbidden'],
  [{ status: 404 }, 'http_not_found'],
  [{ status: 415 }, 'http_other'],
  [{ status: 500 }, 'http_server_error'],
  [{ status: 429, headers: { 'retry-after': '60' } }, 'http_rate_limited'],
  [{ body: '<!doctype html><title>Login</title>', headers: { 'content-type': 'text/html' } }, 'intercepted'],
  [{ partialSuccess: { rejected: 1, message: 'too old' } }, 'partial_success'],
] as const)('%j is counted as %s, once for each record', async (answer, reason) => {
  await using collector = await startOtlpCollector({ answer: () => answer });
  const pipeline = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { only: ['TRACES'] });
  say(pipeline);
  const count = reason === 'partial_success' ? 1 : 2;
  expect(await pipeline.shutdown(IN_TIME)).toEqual([{ signal: 'traces', reason, count }]);
  expect(collector.requests).toHaveLength(1);
});

test('a collector that rests is not asked again until then', async () => {
  await using collector = await startOtlpCollector({
    answer: () => ({ status: 503, headers: { 'retry-after': '60' } }),
  });
  const pipeline = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { only: ['TRACES'] });
  say(pipeline);
  await pipeline.flush(IN_TIME);
  say(pipeline);
  expect(await pipeline.shutdown(IN_TIME)).toEqual([
    { signal: 'traces', reason: 'http_server_error', count: 4 },
  ]);
  expect(collector.requests).toHaveLength(1);
});

test('what failed for a moment arrives when it is repeated', async () => {
  await using collector = await startOtlpCollector({
    answer: (_request, index) => (index === 0 ? { status: 503, headers: { 'retry-after': '0' } } : {}),
  });
  const pipeline = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { only: ['TRACES'] });
  say(pipeline);
  expect(await pipeline.shutdown(IN_TIME)).toEqual([]);
  expect(collector.requests).toHaveLength(2);
});

test('nobody listens: counted, and over within the bound', async () => {
  const pipeline = await open({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await closedPort()}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '50',
  });
  say(pipeline);
  expect(await pipeline.shutdown(IN_TIME)).toEqual([
    { signal: 'traces', reason: 'refused', count: 2 },
    { signal: 'metrics', reason: 'refused', count: 2 },
    { signal: 'logs', reason: 'refused', count: 1 },
  ]);
});

test('what is lost at the end, between two attempts, is lost for the reason that the first one failed', async () => {
  const pipeline = await open(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await closedPort()}`,
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    },
    { only: ['TRACES'] },
  );
  say(pipeline);
  expect(await pipeline.shutdown({ timeoutMs: 500 })).toEqual([
    { signal: 'traces', reason: 'refused', count: 2 },
  ]);
});

test('a collector that never answers holds nobody, and costs no other signal', async () => {
  await using hung = await startOtlpCollector({ answer: () => 'silence' });
  await using collector = await startOtlpCollector();
  const pipeline = await open({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${hung.url}/v1/traces`,
  });
  say(pipeline);
  expect(await pipeline.shutdown({ timeoutMs: 300 })).toEqual([
    { signal: 'traces', reason: 'shutdown', count: 2 },
  ]);
  expect(collector.logRecords()).toHaveLength(1);
  expect(collector.metrics()).toHaveLength(2);
});

test('what does not fit in a queue is dropped and counted', async () => {
  await using collector = await startOtlpCollector();
  const pipeline = await open({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_MAX_QUEUE_SIZE: '3',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
    OTEL_BLRP_MAX_QUEUE_SIZE: '1',
  });
  for (let time = 0; time < 5; time += 1) say(pipeline);
  const losses = await pipeline.shutdown(IN_TIME);
  const lost = (signal: string): number => losses.find((loss) => loss.signal === signal)?.count ?? 0;
  expect(losses.every(({ reason }) => reason === 'queue_full')).toBe(true);
  expect(collector.spans().length + lost('traces')).toBe(10);
  expect(collector.logRecords().length + lost('logs')).toBe(5);
  expect(lost('traces')).toBeGreaterThan(0);
});

test('a custom authority of the environment, that of the settings, and a proxy hold', async () => {
  const authority = await createAuthority();
  await using collector = await startOtlpCollector({
    tls: { identity: await authority.issue({ hosts: ['collector.test'] }) },
  });
  await using proxy = await startFaultProxy({
    hosts: { 'collector.test:443': `127.0.0.1:${collector.port}` },
  });
  const home = temporaryHome({ 'ca.pem': authority.certificate });
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.test' };
  const losses = async (
    environment: Readonly<Record<string, string>>,
    variables: Readonly<Record<string, string>>,
  ) => {
    const network = networkWith({ HTTPS_PROXY: proxy.url, ...variables });
    const pipeline = await open({ ...endpoint, ...environment }, { network, only: ['LOGS'] });
    say(pipeline);
    return pipeline.shutdown(IN_TIME);
  };
  const caFile = join(home, 'ca.pem');
  expect(await losses({}, { SSL_CERT_FILE: caFile })).toEqual([]);
  expect(await losses({ OTEL_EXPORTER_OTLP_CERTIFICATE: caFile }, {})).toEqual([]);
  expect(collector.logRecords()).toHaveLength(2);
  expect(await losses({}, {})).toEqual([{ signal: 'logs', reason: 'tls_untrusted', count: 1 }]);
  expect(await losses({ OTEL_EXPORTER_OTLP_CERTIFICATE: join(home, 'gone.pem') }, {})).toEqual([
    { signal: 'logs', reason: 'trust_unusable', count: 1 },
  ]);
});

test('spans carry the configured attributes; unsampled ones are neither sent nor lost', async () => {
  await using collector = await startOtlpCollector();
  const config = {
    effective: { otel: { span_attributes: { team: 'core' } } },
    sourceOf: () => undefined,
  };
  const environment = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const options = {
    network: plainNetwork(),
    service: { name: 's', version: '1' },
    machine: {},
    scopes: { traces: 's', logs: 's', metrics: 's' },
  };
  const pipeline = await openOtelPipeline(readOtelSettings({ config, environment, cwd: '/' }), options);
  say(pipeline);
  await pipeline.shutdown(IN_TIME);
  expect(collector.spans().map(({ attributes }) => attributes['team'])).toEqual(['core', 'core']);
  const off = { ...environment, OTEL_TRACES_SAMPLER: 'always_off' };
  const silent = await openOtelPipeline(readOtelSettings({ config, environment: off, cwd: '/' }), options);
  say(silent);
  expect(await silent.shutdown(IN_TIME)).toEqual([]);
  expect(collector.spans()).toHaveLength(2);
});
