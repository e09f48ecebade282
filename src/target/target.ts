import type { Files } from '../host/files.ts';
import { loadConfig } from './config/load.ts';
import type { ConfigFacts } from './config/facts.ts';
import type { ConfigOverrides } from './config/load.ts';
import type { ChosenHome, Environment } from './home.ts';

/** The installation under examination. Facts are found on first use and kept, so that two checks never read twice. */
export interface Target {
  readonly home: ChosenHome;
  readonly cwd: string;
  readonly env: Environment;
  config(): ConfigFacts;
}

export interface TargetOptions {
  readonly home: ChosenHome;
  readonly cwd: string;
  readonly env: Environment;
  readonly files: Files;
  readonly overrides: ConfigOverrides;
}

export function createTarget(options: TargetOptions): Target {
  const { home, cwd, env } = options;
  return {
    home,
    cwd,
    env,
    config: once(() => loadConfig(options)),
  };
}

/** Remembers the first answer. */
export function once<Value>(find: () => Value): () => Value {
  let found: { readonly value: Value } | undefined;
  return () => (found ??= { value: find() }).value;
}
