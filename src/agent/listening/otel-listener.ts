import { namesOfThisMachine } from '../../host/account.ts';
import { files } from '../../host/files.ts';
import { createRedactor } from '../../redact/redactor.ts';
import { userDirectory } from '../../target/home.ts';
import type { AgentObserver } from '../../telemetry/observer.ts';
import type { OtelPipeline } from '../../telemetry/otel/pipeline.ts';
import type { OtelSettings, Signal } from '../../telemetry/otel/settings.ts';
import type { OtelObserverOptions } from '../../telemetry/vocabulary/create-otel-observer.ts';
import type { Listener, ListenerPlace } from './listeners.ts';

/** What records say they were made by (spec/observability.md 4.2 and 4.3). */
const SCOPES = { logs: 'codex_otel', metrics: 'codex' } as const;
/**
 * Less than half of what the agent waits for at its end: first everything is flushed, then let go of, and then there has to
 * be time to tell what was lost.
 */
const END_LIMIT_MS = 1_250;

/** OpenTelemetry, where `[otel]` or the standard variables switch a signal on. Nothing of it is loaded otherwise. */
export async function openOtelListener(place: ListenerPlace): Promise<Listener | undefined> {
  const { target, env, cwd, onWarning } = place;
  const { readOtelSettings } = await import('../../telemetry/otel/read-settings.ts');
  const settings = readOtelSettings({ config: target.config(), environment: env, cwd });
  if (Object.keys(settings.signals).length === 0) return undefined;
  for (const warning of settings.warnings) onWarning(warning);
  return listen(place, settings);
}

/** OpenTelemetry as the program around us has set it up; `[otel]` still says what may be told. */
export async function joinProgram(place: ListenerPlace): Promise<Listener> {
  const { readOtelSettings } = await import('../../telemetry/otel/read-settings.ts');
  const { target, env, cwd } = place;
  const settings = readOtelSettings({ config: target.config(), environment: env, cwd });
  const { openProgramPipeline } = await import('../../telemetry/otel/program-pipeline.ts');
  const { version } = place.client;
  const pipeline = await openProgramPipeline({ scopes: scopesOf(place), version });
  return { observer: await observerOn(pipeline, place, { settings, joinsActiveSpan: true }) };
}

async function listen(place: ListenerPlace, settings: OtelSettings): Promise<Listener> {
  const { openOtelPipeline } = await import('../../telemetry/otel/open-pipeline.ts');
  const { describeLosses } = await import('../../telemetry/otel/losses.ts');
  const { machineFacts } = await import('../../telemetry/otel/machine-facts.ts');
  const pipeline = await openOtelPipeline(settings, {
    network: place.network,
    service: { name: originatorOf(place), version: place.client.version },
    machine: machineFacts(),
    scopes: scopesOf(place),
  });
  return {
    observer: await observerOn(pipeline, place, { settings, joinsActiveSpan: false }),
    close: async () => {
      const lost = describeLosses(await pipeline.shutdown({ timeoutMs: END_LIMIT_MS }));
      if (lost !== '') place.onWarning(`Not all telemetry arrived: lost ${lost}.`);
    },
  };
}

async function observerOn(
  pipeline: OtelPipeline,
  place: ListenerPlace,
  options: Pick<OtelObserverOptions, 'settings' | 'joinsActiveSpan'>,
): Promise<AgentObserver> {
  const { createOtelObserver } = await import('../../telemetry/vocabulary/create-otel-observer.ts');
  const { target, env, client, onWarning } = place;
  const { knownSecrets } = await import('../../target/known-secrets.ts');
  return createOtelObserver(pipeline, {
    ...options,
    redactor: createRedactor({
      userDirectory: userDirectory(env),
      ...namesOfThisMachine(),
      knownSecrets: knownSecrets(target, files),
    }),
    program: {
      version: client.version,
      originator: originatorOf(place),
      terminalType: env['TERM']?.trim() || 'unknown',
    },
    environment: env,
    warn: onWarning,
    flushTimeoutMs: END_LIMIT_MS,
  });
}

const originatorOf = ({ entryPoint, client }: ListenerPlace): string =>
  entryPoint === 'exec' ? `${client.name}_exec` : client.name;

const scopesOf = (place: ListenerPlace): Readonly<Record<Signal, string>> => ({
  traces: originatorOf(place),
  ...SCOPES,
});
