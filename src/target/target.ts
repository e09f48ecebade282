import type { Files } from '../host/files.ts';
import { once } from '../host/once.ts';
import { loadConfig } from './config/load.ts';
import type { ConfigFacts } from './config/facts.ts';
import type { ConfigOverrides } from './config/load.ts';
import { loadCredentials } from './credentials/load.ts';
import type { CredentialFacts } from './credentials/facts.ts';
import type { DatabaseInventory } from './databases.ts';
import { findDatabases } from './databases.ts';
import { loadEnvironment } from './environment/environment.ts';
import type { AgentEnvironment } from './environment/environment.ts';
import type { ChosenHome, Environment } from './home.ts';
import type { InstallFacts } from './install/facts.ts';
import { findInstall } from './install/install.ts';
import type { McpFacts } from './mcp/facts.ts';
import { loadMcpServers } from './mcp/load.ts';
import { endpointsOf } from './provider/endpoints.ts';
import type { Endpoint } from './provider/endpoints.ts';
import { loadProviders } from './provider/load.ts';
import type { ProviderFacts } from './provider/facts.ts';
import { routesOf } from './request/routes.ts';
import type { ProviderRoutes } from './request/routes.ts';
import { agentVersionOf } from './request/version.ts';
import { findRollouts } from './rollouts.ts';
import type { RolloutInventory } from './rollouts.ts';

/** The installation under examination. Facts are found on first use and kept, so that two checks never read twice. */
export interface Target {
  readonly home: ChosenHome;
  readonly cwd: string;
  readonly env: Environment;
  config(): ConfigFacts;
  /** Which credential the agent will use. States and names only, never a secret. */
  credentials(): CredentialFacts;
  /** Databases of the agent, by what the file system shows; none is opened. */
  databases(): DatabaseInventory;
  /** The shell's environment overlaid by the `.env` file of the home: what the agent works with. */
  environment(): AgentEnvironment;
  /** Addresses that the agent will call with the credential in effect. They may be secret. */
  endpoints(): readonly Endpoint[];
  /** Copies of the agent on this machine, told from their metadata. */
  install(): InstallFacts;
  /** MCP servers of the configuration. None is started, and values may be secret. */
  mcp(): McpFacts;
  providers(): ProviderFacts;
  /** Addresses of the active provider as the agent builds them; undefined when there is no such provider. */
  routes(): ProviderRoutes | undefined;
  /** @param signal stops the walk; the first caller's counts, since all share one walk */
  rollouts(signal: AbortSignal): Promise<RolloutInventory>;
}

export interface TargetOptions {
  readonly home: ChosenHome;
  readonly cwd: string;
  readonly env: Environment;
  readonly files: Files;
  readonly overrides: ConfigOverrides;
}

export function createTarget(options: TargetOptions): Target {
  const { home, cwd, env, files } = options;
  const config = once(() => loadConfig(options));
  const environment = once(() => loadEnvironment(options));
  const providers = once(() =>
    loadProviders(config(), environment().values, {
      readsAddressVariable: home.profile.id === 'stethos',
    }),
  );
  const install = once(() => findInstall(options));
  const credentials = once(() =>
    loadCredentials({ ...options, config: config(), environment: environment(), providers: providers() }),
  );
  let rollouts: Promise<RolloutInventory> | undefined;
  return {
    home,
    cwd,
    env,
    config,
    credentials,
    databases: once(() => findDatabases({ ...options, config: config() })),
    environment,
    endpoints: once(() => endpointsOf(providers().active, credentials().effective, environment().values)),
    install,
    mcp: once(() => loadMcpServers(config())),
    providers,
    routes: once(() =>
      routesOf(providers().active, credentials().effective, {
        agentVersion: agentVersionOf({ home, install }),
      }),
    ),
    rollouts: (signal) => (rollouts ??= findRollouts(files, home.path, signal)),
  };
}
