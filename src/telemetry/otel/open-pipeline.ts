import { atMost } from '../../host/at-most.ts';
import type { Network } from '../../net/network.ts';
import { createLossCount } from './losses.ts';
import { openRetryingSender } from './open-sender.ts';
import type { RetryOptions } from './open-sender.ts';
import { openLogs } from './open-logs.ts';
import { openMetrics } from './open-metrics.ts';
import { openTraces } from './open-traces.ts';
import type { OpenSignal, SignalOptions } from './signal.ts';
import type { OtelPipeline } from './pipeline.ts';
import { resourceAttributesOf } from './resource.ts';
import type { MachineFacts, ServiceFacts } from './resource.ts';
import type { OtelSettings, OtlpSettings, Signal } from './settings.ts';

export interface PipelineOptions extends RetryOptions {
  readonly network: Network;
  readonly service: ServiceFacts;
  readonly machine: MachineFacts;
  /** What the records of each signal say they were made by. */
  readonly scopes: Readonly<Record<Signal, string>>;
}

/**
 * Opens the signals that are on. The packages of OpenTelemetry are loaded here and nowhere before; nothing is registered
 * globally, so that an application around us keeps its own. Connections are opened with the first export.
 */
export async function openOtelPipeline(
  settings: OtelSettings,
  options: PipelineOptions,
): Promise<OtelPipeline> {
  const losses = createLossCount();
  const open = async <Opened>(
    signal: Signal,
    opening: (options: SignalOptions) => Promise<Opened>,
  ): Promise<Opened | undefined> => {
    const otlp = settings.signals[signal];
    return otlp && opening(await optionsOf(signal, otlp));
  };
  const optionsOf = async (signal: Signal, otlp: OtlpSettings): Promise<SignalOptions> => ({
    settings: otlp,
    pace: settings.pace,
    sender: await openRetryingSender(signal, otlp, {
      ...options,
      version: options.service.version,
    }),
    losses,
    resource: resourceAttributesOf(signal, settings, options),
    scope: { name: options.scopes[signal], version: options.service.version },
  });
  const { spanAttributes } = settings;
  const [traces, metrics, logs] = await Promise.all([
    open('traces', (signal) => openTraces({ ...signal, spanAttributes })),
    open('metrics', openMetrics),
    open('logs', openLogs),
  ]);
  // The order of the specification: what a later signal says of an earlier one still goes out.
  const inOrder = [traces, metrics, logs].filter((signal): signal is NonNullable<typeof signal> => !!signal);
  return {
    ...(traces && { tracer: traces.tracer }),
    ...(metrics && { meter: metrics.meter }),
    ...(logs && { logger: logs.logger }),
    losses: () => losses.list(),
    flush: ({ timeoutMs }) => eachInTime(inOrder, 'flush', timeoutMs),
    shutdown: async ({ timeoutMs }) => {
      await eachInTime(inOrder, 'shutdown', timeoutMs);
      await Promise.all(inOrder.map((signal) => signal.abandon().catch(() => undefined)));
      return losses.list();
    },
  };
}

/** One after the other; what one of them does not use of its share is there for the next. Never rejects. */
async function eachInTime(
  signals: readonly OpenSignal[],
  act: 'flush' | 'shutdown',
  timeoutMs: number,
): Promise<void> {
  const endsAtMs = performance.now() + timeoutMs;
  for (const [index, signal] of signals.entries()) {
    const shareMs = (endsAtMs - performance.now()) / (signals.length - index);
    await atMost(shareMs, signal[act]());
  }
}
