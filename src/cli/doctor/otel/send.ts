import { once } from 'node:events';
import type { ContextOptions } from '../../../doctor/context.ts';
import type { RedactedReport } from '../../../doctor/report.ts';
import { TOOL_VERSION } from '../../../doctor/version.ts';
import { files } from '../../../host/files.ts';
import { visible } from '../../../redact/control.ts';
import { describeUrl } from '../../../redact/places.ts';
import { chooseHome } from '../../../target/home.ts';
import { networkOf } from '../../../target/network.ts';
import { createTarget } from '../../../target/target.ts';
import { tellDoctorRun } from '../../../telemetry/doctor-run.ts';
import { describeLosses } from '../../../telemetry/otel/losses.ts';
import { machineFacts } from '../../../telemetry/otel/machine-facts.ts';
import { openOtelPipeline } from '../../../telemetry/otel/open-pipeline.ts';
import type { OtelLoss } from '../../../telemetry/otel/pipeline.ts';
import { readOtelSettings } from '../../../telemetry/otel/read-settings.ts';
import type { OtelSettings } from '../../../telemetry/otel/settings.ts';

/** A scheduler waits for the exit code. */
const SEND_LIMIT_MS = 10_000;

export interface DoctorTelling {
  readonly report: RedactedReport;
  readonly context: ContextOptions;
  /** Ctrl-C: what has not arrived by then is lost. */
  readonly signal: AbortSignal;
  /** For tests. */
  readonly limitMs?: number;
}

/**
 * Sends the run as a trace, gauges and an event to where `[otel]` of the examined home and the standard variables say.
 * @returns one line for the user where something was left out or lost. Never rejects, and never takes longer than
 * {@link SEND_LIMIT_MS}.
 */
export async function reportToOtel({
  report,
  context,
  signal,
  limitMs = SEND_LIMIT_MS,
}: DoctorTelling): Promise<string | undefined> {
  const { cwd, env, overrides } = context;
  const home = chooseHome(context, files);
  const target = createTarget({ home, cwd, env, files, overrides });
  try {
    const environment = target.environment();
    const settings = readOtelSettings({
      config: target.config(),
      environment: environment.values,
      cwd,
      isAskedFor: true,
    });
    const pipeline = await openOtelPipeline(settings, {
      network: networkOf(target, { files }),
      service: { name: 'stethos', version: TOOL_VERSION },
      machine: machineFacts(),
      scopes: { traces: 'stethos', logs: 'stethos', metrics: 'stethos' },
    });
    await tellDoctorRun(pipeline, report, env);
    const losses = await Promise.race([pipeline.shutdown({ timeoutMs: limitMs }), aborted(signal)]);
    return losses ? describe(settings, losses) : 'interrupted: not everything was sent to OpenTelemetry';
  } catch (error) {
    return `nothing was sent to OpenTelemetry: ${visible(error instanceof Error ? error.message : String(error))}`;
  }
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, 'abort');
}

function describe({ signals, warnings }: OtelSettings, losses: readonly OtelLoss[]): string | undefined {
  const places = new Set(Object.values(signals).map(({ endpoint }) => describeUrl(endpoint)));
  const lost = describeLosses(losses);
  const parts = [
    ...(places.size === 0 ? ['nothing was sent to OpenTelemetry: no signal is on'] : []),
    ...(lost === '' ? [] : [`not everything arrived at ${[...places].join(', ')}: lost ${lost}`]),
    ...warnings,
  ];
  return parts.length === 0 ? undefined : visible(parts.join('; '));
}
