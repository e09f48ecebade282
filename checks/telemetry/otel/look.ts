import type { CheckContext } from '../../../src/doctor/context.ts';
import { TOOL_VERSION } from '../../../src/doctor/version.ts';
import { describeUrl } from '../../../src/redact/places.ts';
import { probeCollector } from '../../../src/telemetry/otel/probe-collector.ts';
import { readOtelSettings } from '../../../src/telemetry/otel/read-settings.ts';
import { SIGNALS } from '../../../src/telemetry/otel/settings.ts';
import type { OtelProblem } from '../../../src/telemetry/otel/settings.ts';
import type { SeenSignal } from './evidence.ts';

/** A collector on the same network answers in milliseconds; whoever takes longer slows the agent's exit as well. */
const PROBE_TIMEOUT_MS = 3_000;

export interface Seen {
  readonly problems: readonly OtelProblem[];
  readonly signals: readonly SeenSignal[];
}

/** Reads what is to be exported, and sends one record of each signal. Each has a collector of its own, so all are asked at once. */
export async function look(context: CheckContext): Promise<Seen> {
  const settings = readOtelSettings({
    config: context.target.config(),
    environment: context.target.environment().values,
    cwd: context.cwd,
  });
  const wanted = SIGNALS.flatMap((signal) => {
    const otlp = settings.signals[signal];
    return otlp ? [{ signal, otlp }] : [];
  });
  if (wanted.length > 0) context.waitingFor('the OpenTelemetry collector');
  const signals = await Promise.all(
    wanted.map(async ({ signal, otlp }) => {
      const startedAt = context.clock.elapsed();
      const outcome = await probeCollector(signal, otlp, settings, {
        network: context.network,
        service: { name: 'stethos', version: TOOL_VERSION },
        timeoutMs: PROBE_TIMEOUT_MS,
      });
      return {
        signal,
        endpoint: describeUrl(otlp.endpoint),
        protocol: otlp.protocol,
        source: otlp.source,
        headerNames: Object.keys(otlp.headers),
        outcome,
        durationMs: Math.round(context.clock.elapsed() - startedAt),
      };
    }),
  );
  return { problems: settings.problems, signals };
}
