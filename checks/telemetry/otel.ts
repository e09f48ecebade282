import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { TOOL_VERSION } from '../../src/doctor/version.ts';
import { describeUrl } from '../../src/redact/places.ts';
import { readOtelSettings } from '../../src/telemetry/otel/read-settings.ts';
import { SIGNALS } from '../../src/telemetry/otel/settings.ts';
import type { OtelProblem, OtelSettings } from '../../src/telemetry/otel/settings.ts';
import { detailsOf } from './otel/details.ts';
import type { SeenSignal } from './otel/evidence.ts';
import { causeOf, issueOf, issueOfProblem } from './otel/issues.ts';

interface Evidence {
  /** The configuration is broken in a way that can hide `[otel]`. */
  readonly mayHideSettings: boolean;
  readonly problems: readonly OtelProblem[];
  readonly signals: readonly SeenSignal[];
}

/** A collector on the same network answers in milliseconds; whoever takes longer slows the agent's exit as well. */
const PROBE_TIMEOUT_MS = 3_000;

export default defineCheck({
  id: 'telemetry.otel',
  section: 'Telemetry',
  category: 'otel',
  title: 'The collector accepts what is exported',
  budgetMs: 6_000,
  network: true,
  async probe(context): Promise<Evidence> {
    const config = context.target.config();
    const settings = readOtelSettings({
      config,
      environment: context.target.environment().values,
      cwd: context.cwd,
    });
    return {
      mayHideSettings: config.problems.some(({ kind }) => kind === 'malformed' || kind === 'unreadable'),
      problems: settings.problems,
      signals: await look(settings, context),
    };
  },
  judge({ mayHideSettings, problems, signals }) {
    const wrong = problems.filter(({ kind }) => kind !== 'note').map(issueOfProblem);
    const notes = problems.flatMap(({ kind, message }) =>
      kind === 'note' ? [{ kind: 'info' as const, text: message }] : [],
    );
    if (signals.length === 0 && wrong.length === 0)
      return mayHideSettings
        ? skip({ because: 'config.load', summary: 'not looked at: the configuration cannot be read' })
        : idle({ summary: 'nothing is exported: neither [otel] nor OTEL_*_EXPORTER says so', notes });
    const causes = new Set(signals.map(causeOf));
    return conclude({
      summary:
        signals.length === 0
          ? 'nothing is exported'
          : `${signals.map(({ signal }) => signal).join(', ')}: one record of each was accepted`,
      details: Object.assign({}, ...signals.map(detailsOf)) as ReturnType<typeof detailsOf>,
      notes,
      issues: [...wrong, ...signals.flatMap(issueOf)],
      // Only where it explains everything; one row has one cause.
      causedBy: wrong.length === 0 && causes.size === 1 ? [...causes][0] : undefined,
    });
  },
});

/** Each signal has a collector of its own, so all are asked at once. */
async function look(settings: OtelSettings, context: CheckContext): Promise<SeenSignal[]> {
  const wanted = SIGNALS.flatMap((signal) => {
    const otlp = settings.signals[signal];
    return otlp ? [{ signal, otlp }] : [];
  });
  if (wanted.length === 0) return [];
  // Loads the packages of OpenTelemetry.
  const { probeCollector } = await import('../../src/telemetry/otel/probe-collector.ts');
  context.waitingFor('the OpenTelemetry collector');
  return Promise.all(
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
}
