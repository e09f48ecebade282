import { namesOfThisMachine } from '../host/account.ts';
import { files } from '../host/files.ts';
import { thisMachine } from '../host/machine.ts';
import { operatingSystem } from '../host/operating-system.ts';

import { createRedactor } from '../redact/redactor.ts';
import { userDirectory } from '../target/home.ts';
import type { OtelSettings } from '../telemetry/otel/settings.ts';
import type { Listener, ListenerPlace } from './listeners.ts';

/** What records say they were made by (spec/observability.md 4.2 and 4.3). */
const SCOPES = { logs: 'codex_otel', metrics: 'codex' } as const;
/** Half of what the agent waits for at its end: first everything is flushed, then let go of. */
const END_LIMIT_MS = 1_500;

/** OpenTelemetry, where `[otel]` or the standard variables switch a signal on. Nothing of it is loaded otherwise. */
export async function openOtelListener(place: ListenerPlace): Promise<Listener | undefined> {
  const { target, env, cwd, onWarning } = place;
  const { readOtelSettings } = await import('../telemetry/otel/read-settings.ts');
  const settings = readOtelSettings({ config: target.config(), environment: env, cwd });
  if (Object.keys(settings.signals).length === 0) return undefined;
  for (const warning of settings.warnings) onWarning(warning);
  return listen(place, settings);
}

async function listen(place: ListenerPlace, settings: OtelSettings): Promise<Listener> {
  const { network, env, client, onWarning } = place;
  const [{ openOtelPipeline }, { createOtelObserver }] = await Promise.all([
    import('../telemetry/otel/open-pipeline.ts'),
    import('../telemetry/vocabulary/create-otel-observer.ts'),
  ]);
  const names = namesOfThisMachine();
  const system = operatingSystem(files, thisMachine);
  const originator = place.entryPoint === 'exec' ? `${client.name}_exec` : client.name;
  const pipeline = await openOtelPipeline(settings, {
    network,
    service: { name: originator, version: client.version },
    machine: {
      ...(names.hostName !== undefined && { hostName: names.hostName }),
      os: system.type,
      ...(system.version !== undefined && { osVersion: system.version }),
    },
    scopes: { traces: originator, ...SCOPES },
  });
  const observer = await createOtelObserver(pipeline, {
    settings,
    redactor: createRedactor({ userDirectory: userDirectory(env), ...names }),
    program: { version: client.version, originator, terminalType: env['TERM']?.trim() || 'unknown' },
    environment: env,
    warn: onWarning,
    flushTimeoutMs: END_LIMIT_MS,
  });
  return { observer, close: async () => void (await pipeline.shutdown({ timeoutMs: END_LIMIT_MS })) };
}
