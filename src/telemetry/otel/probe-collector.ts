import type { Network } from '../../net/network.ts';
import { collectorWords } from './collector-words.ts';
import { rejectionIn } from './exporter.ts';
import type { Rejection } from './exporter.ts';
import { createLossCount } from './losses.ts';
import { openLogs } from './open-logs.ts';
import { openMetrics } from './open-metrics.ts';
import { openSender } from './open-sender.ts';
import { openTraces } from './open-traces.ts';
import { resourceAttributesOf } from './resource.ts';
import type { ServiceFacts } from './resource.ts';
import type { ExportFailure, OtlpSender, Sent } from './sender.ts';
import type { OtelSettings, OtlpSettings, Signal } from './settings.ts';
import { loadSerializers } from './signal.ts';
import type { SignalOptions } from './signal.ts';

/** What a collector made of one record. */
export type ProbeOutcome =
  | { readonly kind: 'accepted'; readonly rejection: Rejection }
  | { readonly kind: 'refused'; readonly failure: ExportFailure };

export interface ProbeOptions {
  readonly network: Network;
  readonly service: ServiceFacts;
  /** Of the whole attempt, unless the exporter itself would take less. */
  readonly timeoutMs: number;
}

/** What the one record of a probe is called: a span, an event, a counter. */
export const PROBE_NAME = 'stethos.telemetry.probe';

/**
 * Sends one record of a signal on the way that every record takes, once, and says what came of it. The record arrives like
 * any other; its name says what it is. Never rejects for anything that a collector or a file does.
 */
export async function probeCollector(
  signal: Signal,
  otlp: OtlpSettings,
  settings: OtelSettings,
  { network, service, timeoutMs }: ProbeOptions,
): Promise<ProbeOutcome> {
  const watched = watch(await openSender(signal, otlp, { network, version: service.version }));
  const opened = await openAndSay(signal, {
    settings: { ...otlp, timeoutMs: Math.min(otlp.timeoutMs, timeoutMs) },
    // A probe that a sampler leaves out asks nothing.
    pace: { ...settings.pace, sampler: { root: 'always_on', isParentBased: false } },
    sender: watched.sender,
    losses: createLossCount(),
    resource: resourceAttributesOf(signal, settings, { service, machine: {} }),
    scope: { name: service.name, version: service.version },
  });
  // The SDK may give up a moment before the sender does, which knows why.
  await opened.shutdown().catch(() => undefined);
  const sent = await watched.sent();
  await opened.abandon();
  if (!sent) throw new TypeError(`the probe for ${signal} was never sent`);
  if (sent.kind === 'refused') return sent;
  const { [signal]: serializer } = await loadSerializers(otlp.protocol);
  const { count, message } = rejectionIn(sent.response, serializer);
  const shown = collectorWords(otlp)(message);
  return { kind: 'accepted', rejection: { count, message: shown } };
}

function watch(inner: OtlpSender): { readonly sender: OtlpSender; sent(): Promise<Sent> | undefined } {
  let last: Promise<Sent> | undefined;
  return {
    sender: {
      send: (bytes, timeoutMs) => (last = inner.send(bytes, timeoutMs)),
      close: () => inner.close(),
    },
    sent: () => last,
  };
}

async function openAndSay(signal: Signal, options: SignalOptions) {
  switch (signal) {
    case 'traces': {
      const traces = await openTraces({ ...options, spanAttributes: {} });
      traces.tracer.startSpan(PROBE_NAME, { root: true }).end();
      return traces;
    }
    case 'logs': {
      const logs = await openLogs(options);
      const attributes = { 'event.name': PROBE_NAME };
      logs.logger.emit({ eventName: PROBE_NAME, timestampMs: Date.now(), severity: 'INFO', attributes });
      return logs;
    }
    case 'metrics': {
      const metrics = await openMetrics(options);
      metrics.meter.createCounter(PROBE_NAME).add(ONE);
      return metrics;
    }
  }
}

const ONE = 1;
