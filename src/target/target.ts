import type { Files } from '../host/files.ts';
import { loadConfig } from './config/load.ts';
import type { ConfigFacts } from './config/facts.ts';
import type { ConfigOverrides } from './config/load.ts';
import type { DatabaseInventory } from './databases.ts';
import { findDatabases } from './databases.ts';
import type { ChosenHome, Environment } from './home.ts';
import type { InstallFacts } from './install/facts.ts';
import { findInstall } from './install/install.ts';
import { findRollouts } from './rollouts.ts';
import type { RolloutInventory } from './rollouts.ts';

/** The installation under examination. Facts are found on first use and kept, so that two checks never read twice. */
export interface Target {
  readonly home: ChosenHome;
  readonly cwd: string;
  readonly env: Environment;
  config(): ConfigFacts;
  /** Databases of the agent, by what the file system shows; none is opened. */
  databases(): DatabaseInventory;
  /** Copies of the agent on this machine, told from their metadata. */
  install(): InstallFacts;
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
  let rollouts: Promise<RolloutInventory> | undefined;
  return {
    home,
    cwd,
    env,
    config,
    databases: once(() => findDatabases({ ...options, config: config() })),
    install: once(() => findInstall(options)),
    rollouts: (signal) => (rollouts ??= findRollouts(files, home.path, signal)),
  };
}

/** Remembers the first answer. */
export function once<Value>(find: () => Value): () => Value {
  let found: { readonly value: Value } | undefined;
  return () => (found ??= { value: find() }).value;
}
