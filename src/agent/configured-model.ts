import type { Clock } from '../host/clock.ts';
import { files } from '../host/files.ts';
import type { AgentModel } from './agent-model.ts';
import { clientSoftwareOf } from './client-software.ts';
import { experimentalFeatures } from './config/features.ts';
import type { EntryPoint } from './config/policies.ts';
import { createModelClient } from './model/create-client.ts';
import { createHttpTransport } from './model/http/transport.ts';
import type { ModelObserver } from './model/observer.ts';
import type { OpenHome } from './open-home.ts';
import { createModelProvider } from './provider/create-provider.ts';
import { AgentStartError } from './start-error.ts';

export interface ConfiguredModelOptions {
  readonly client: { readonly name: string; readonly version: string };
  readonly entryPoint: EntryPoint;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hears of requests that belong to no thread. */
  readonly observer: ModelObserver;
  /** See `ModelProviderOptions`. */
  readonly renewsLogins: boolean;
  readonly onWarning: (message: string) => void;
  /** Ends what runs in the background. */
  readonly signal: AbortSignal;
}

/** @throws AgentStartError when the configuration names a provider that there is not */
export function configuredModel(home: OpenHome, options: ConfiguredModelOptions): AgentModel {
  const { target, network, config } = home;
  const { client, clock, observer, random, signal } = options;
  const software = clientSoftwareOf(target, client);
  const created = createModelProvider({
    target,
    network,
    files,
    clock,
    client: software,
    unattended: options.entryPoint === 'exec',
    renewsLogins: options.renewsLogins,
    observer,
    signal,
  });
  if (created.kind === 'unknown_provider') throw new AgentStartError(created.message);
  for (const { message } of created.warnings) options.onWarning(message);
  const { provider } = created;
  const { isFeatureOn } = config;
  const { originator, userAgent } = software;
  const identity = { originator, userAgent, installationId: home.installationId() };
  return {
    provider,
    createClient: (thread) =>
      createModelClient({
        ...thread,
        provider,
        network,
        http: createHttpTransport({
          network,
          provider,
          identity,
          compressesRequests: isFeatureOn('enable_request_compression'),
          observer: thread.observer,
          clock,
          random,
        }),
        identity,
        clock,
        features: {
          responseProcessed: isFeatureOn('responses_websocket_response_processed'),
          runtimeMetrics: isFeatureOn('runtime_metrics'),
          betaFeatures: experimentalFeatures(isFeatureOn),
        },
      }),
  };
}
