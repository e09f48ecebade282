import { expect, test } from 'vitest';
import { START_MS, wholeTurn } from '../../../fixtures/agent-facts.ts';
import { plainNetwork } from '../../../fixtures/network.ts';
import { openObserver } from '../../../fixtures/otel-observer.ts';
import { startOtlpCollector } from '../../../fixtures/otlp-collector.ts';
import type { OtlpCollector } from '../../../fixtures/otlp-collector.ts';
import { openOtelPipeline } from '../otel/open-pipeline.ts';
import { readOtelSettings } from '../otel/read-settings.ts';
import { COMMON_FIELDS, EVENTS, eventName, PERSONAL_FIELDS } from './codex-events.ts';
import type { EventKey, EventShape, FieldTypes } from './codex-events.ts';

const IN_TIME = { timeoutMs: 10_000 };

/** What a collector decodes of a whole turn that went through the pipeline that users get. */
async function received(): Promise<OtlpCollector> {
  const collector = await startOtlpCollector();
  const environment = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  };
  const config = { effective: {}, sourceOf: () => undefined };
  const pipeline = await openOtelPipeline(readOtelSettings({ config, environment, cwd: '/' }), {
    network: plainNetwork(),
    service: { name: 'stethos_exec', version: '0.1.0' },
    machine: { hostName: 'box', os: 'Linux', osVersion: '1' },
    scopes: { traces: 'codex_exec', logs: 'codex_otel', metrics: 'codex' },
    random: () => 0.5,
  });
  const observer = await openObserver(pipeline);
  wholeTurn().forEach((fact, index) => observer.observe({ ...fact, atMs: START_MS + index }));
  await observer.flush?.();
  expect(await pipeline.shutdown(IN_TIME)).toEqual([]);
  return collector;
}

const ON_THE_WIRE = { string: 'string', text: 'string', int: 'int', double: 'double', bool: 'bool' } as const;

/** Whole doubles are sent as integers, since JavaScript does not tell them apart. */
const fits = (declared: keyof typeof ON_THE_WIRE, type: string | undefined): boolean =>
  type === ON_THE_WIRE[declared] || (declared === 'double' && type === 'int');

function expectTypes(types: Readonly<Record<string, string>>, allowed: FieldTypes): void {
  const wrong = Object.entries(types).filter(([field, type]) => {
    const declared = allowed[field];
    return declared === undefined || !fits(declared, type);
  });
  expect(wrong).toEqual([]);
}

/** All shapes of one name: a field may be of any of them. */
function fieldsOf(name: string, sink: 'log' | 'trace'): FieldTypes {
  const shapes = (Object.keys(EVENTS) as EventKey[])
    .filter((key) => eventName(key) === name)
    .map((key): EventShape => EVENTS[key]);
  return Object.assign({}, ...shapes.flatMap((shape) => [shape.fields, shape[sink] ?? {}]), COMMON_FIELDS);
}

test('each field has the type on the wire that the vocabulary says, in log records and in events of spans', async () => {
  await using collector = await received();
  const events = collector.spans().flatMap((span) => span.events);
  expect(collector.logRecords().length).toBeGreaterThan(15);
  for (const { eventName: name, types } of collector.logRecords())
    expectTypes(types, { ...fieldsOf(name, 'log'), ...PERSONAL_FIELDS });
  expect(events.length).toBeGreaterThan(15);
  for (const { name, types } of events) expectTypes(types, fieldsOf(name, 'trace'));
});

test('records and spans belong together, and metrics are deltas of the scope codex', async () => {
  await using collector = await received();
  const spans = new Map(collector.spans().map((span) => [span.spanId, span]));
  const request = collector.logRecords().find((record) => record.eventName === 'codex.api_request');
  expect(spans.get(request?.spanId ?? '')?.name).toBe('chat gpt-5');
  expect(spans.get(request?.spanId ?? '')?.traceId).toBe(request?.traceId);
  const metrics = collector.metrics().filter((metric) => metric.name.startsWith('codex.'));
  expect(metrics.length).toBeGreaterThan(20);
  expect(new Set(metrics.map((metric) => metric.scope.name))).toEqual(new Set(['codex']));
  expect(new Set(metrics.map((metric) => metric.temporality))).toEqual(new Set(['delta']));
  const counts = metrics.filter((metric) => metric.kind === 'sum').flatMap((metric) => metric.points);
  expect(new Set(counts.map((point) => point.valueType))).toEqual(new Set(['int']));
});
