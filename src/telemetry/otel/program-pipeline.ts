import { createOtelLogger } from './logger.ts';
import type { OtelPipeline } from './pipeline.ts';
import type { Signal } from './settings.ts';

/** As far as it goes: whoever registered the providers flushes, bounds and counts. */
const NOTHING = Promise.resolve();

/**
 * The telemetry of the program around us: whatever its SDK, such as `@opentelemetry/sdk-node`, has registered with the
 * OpenTelemetry API. What it does not register is swallowed by the API. Exporting is the program's own business.
 */
export async function openProgramPipeline({
  scopes,
  version,
}: {
  readonly scopes: Readonly<Record<Signal, string>>;
  readonly version: string;
}): Promise<OtelPipeline> {
  const api = await import('@opentelemetry/api');
  return {
    tracer: api.trace.getTracer(scopes.traces, version),
    meter: api.metrics.getMeter(scopes.metrics, version),
    logger: createOtelLogger(api.logs.getLogger(scopes.logs, version), api),
    losses: () => [],
    flush: () => NOTHING,
    shutdown: async () => [],
  };
}
