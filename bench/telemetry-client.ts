// A turn of a thread for bench/telemetry.ts, heard by nobody or told to OpenTelemetry.
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { createRedactor } from '../src/redact/redactor.ts';
import type { AgentObserver } from '../src/telemetry/observer.ts';
import { createOtelObserver } from '../src/telemetry/vocabulary/create-otel-observer.ts';
import { openThread } from './bench-thread.ts';
import { serveClients } from './client-process.ts';

serveClients({
  alone: (baseUrl) => openThread(baseUrl),
  told: async (baseUrl) => openThread(baseUrl, await told()),
});

const SUCCESS = { code: 0 };
const taken = (done: (result: typeof SUCCESS) => void): void => done(SUCCESS);

/** All signals on, with the real SDKs; what they make goes nowhere. */
function told(): Promise<AgentObserver> {
  const spans: SpanExporter = { export: (_, done) => taken(done), shutdown: () => Promise.resolve() };
  const metrics: PushMetricExporter = {
    export: (_, done) => taken(done),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    selectAggregationTemporality: () => AggregationTemporality.DELTA,
  };
  const tracers = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: spans })] });
  const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: metrics })] });
  return createOtelObserver(
    {
      tracer: tracers.getTracer('bench'),
      meter: meters.getMeter('bench'),
      logger: { emit: () => undefined },
      losses: () => [],
      flush: () => Promise.resolve(),
      shutdown: () => Promise.resolve([]),
    },
    {
      settings: { tracestate: {}, logUserPrompt: false, capturesContent: false },
      redactor: createRedactor({ userDirectory: '/home/nobody' }),
      program: { version: '0', originator: 'stethos', terminalType: 'unknown' },
      environment: {},
    },
  );
}
