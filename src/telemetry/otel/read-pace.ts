import type { Variables } from './read-variables.ts';
import type { BatchSettings, OtelPace } from './settings.ts';

/** Defaults of the OpenTelemetry specification, where the reference client has no other. */
const SPAN_BATCHES: BatchSettings = {
  delayMs: 5_000,
  maxQueueSize: 2_048,
  maxBatchSize: 512,
  exportTimeoutMs: 30_000,
};
const LOG_BATCHES: BatchSettings = { ...SPAN_BATCHES, delayMs: 1_000 };
const METRICS: OtelPace['metrics'] = { intervalMs: 60_000, exportTimeoutMs: 30_000 };

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** How much is recorded and how often it is sent, from the standard variables. */
export function readPace(variables: Variables): OtelPace {
  return {
    sampler: readSampler(variables),
    spans: readBatches('BSP', SPAN_BATCHES, variables),
    logs: readBatches('BLRP', LOG_BATCHES, variables),
    metrics: {
      intervalMs: variables.natural('OTEL_METRIC_EXPORT_INTERVAL', { least: 1 }) ?? METRICS.intervalMs,
      exportTimeoutMs:
        variables.natural('OTEL_METRIC_EXPORT_TIMEOUT', { least: 1 }) ?? METRICS.exportTimeoutMs,
    },
    // What the reference client sends (spec/observability.md 4.2).
    temporality:
      variables.word('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', [
        'delta',
        'cumulative',
        'lowmemory',
      ]) ?? 'delta',
  };
}

function readBatches(prefix: 'BSP' | 'BLRP', otherwise: BatchSettings, variables: Variables): BatchSettings {
  const natural = (field: string, least: number): number | undefined =>
    variables.natural(`OTEL_${prefix}_${field}`, { least });
  const maxQueueSize = natural('MAX_QUEUE_SIZE', 1) ?? otherwise.maxQueueSize;
  return {
    delayMs: natural('SCHEDULE_DELAY', 0) ?? otherwise.delayMs,
    maxQueueSize,
    // Never more than can wait.
    maxBatchSize: Math.min(natural('MAX_EXPORT_BATCH_SIZE', 1) ?? otherwise.maxBatchSize, maxQueueSize),
    exportTimeoutMs: natural('EXPORT_TIMEOUT', 1) ?? otherwise.exportTimeoutMs,
  };
}

function readSampler(variables: Variables): OtelPace['sampler'] {
  const name = variables.word('OTEL_TRACES_SAMPLER', SAMPLERS) ?? 'parentbased_always_on';
  const isParentBased = name.startsWith('parentbased_');
  const root = name.replace('parentbased_', '');
  if (root === 'always_on' || root === 'always_off') return { root, isParentBased };
  return { root: variables.ratio('OTEL_TRACES_SAMPLER_ARG') ?? 1, isParentBased };
}
