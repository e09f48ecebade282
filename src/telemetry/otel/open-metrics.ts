import type { Meter } from '@opentelemetry/api';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { createOtlpExporter } from './exporter.ts';
import type { OtelPace } from './settings.ts';
import { abandoning, loadCommon } from './signal.ts';
import type { OpenSignal, SignalOptions } from './signal.ts';

/** Measurements: summed up here, and sent at an interval. */
export async function openMetrics(options: SignalOptions): Promise<OpenSignal & { readonly meter: Meter }> {
  const [
    { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader },
    { serializers, resource, done },
  ] = await Promise.all([import('@opentelemetry/sdk-metrics'), loadCommon(options)]);
  const { settings, pace, sender, losses, scope } = options;
  const exportTimeoutMs = Math.min(pace.metrics.exportTimeoutMs, pace.metrics.intervalMs);
  const exporter = createOtlpExporter<ResourceMetrics>({
    signal: 'metrics',
    serializer: serializers.metrics,
    countOf: countPoints,
    sender,
    timeoutMs: Math.min(settings.timeoutMs, exportTimeoutMs),
    losses,
    done,
  });
  const pushed: PushMetricExporter = {
    ...exporter,
    selectAggregationTemporality: (instrument) =>
      AggregationTemporality[isDelta(instrument, pace.temporality) ? 'DELTA' : 'CUMULATIVE'],
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: pushed,
    exportIntervalMillis: pace.metrics.intervalMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    meter: provider.getMeter(scope.name, scope.version),
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
    abandon: abandoning(exporter, sender),
  };
}

const countPoints = ({ scopeMetrics }: ResourceMetrics): number =>
  scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((count, { dataPoints }) => count + dataPoints.length, 0);

/** https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/: what goes up and down is a state, never a difference. */
function isDelta(instrument: string, preference: OtelPace['temporality']): boolean {
  if (preference === 'cumulative' || instrument.endsWith('UP_DOWN_COUNTER')) return false;
  return preference === 'delta' || instrument !== 'OBSERVABLE_COUNTER';
}
