import type { Clock } from '../host/clock.ts';
import { systemClock } from '../host/clock.ts';
import { disk } from '../host/disk.ts';
import type { Disk } from '../host/disk.ts';
import { files } from '../host/files.ts';
import type { Files } from '../host/files.ts';
import { thisMachine } from '../host/machine.ts';
import type { Machine } from '../host/machine.ts';
import { createHelpers } from '../host/process.ts';
import type { Helpers } from '../host/process.ts';
import { processes } from '../host/processes.ts';
import type { Processes } from '../host/processes.ts';
import { systemTerminal } from '../host/terminal.ts';
import type { Terminal } from '../host/terminal.ts';
import type { NameResolver } from '../net/dial/lookup.ts';
import type { Network } from '../net/network.ts';
import { chooseHome, userDirectory } from '../target/home.ts';
import type { Environment } from '../target/home.ts';
import type { ConfigOverrides } from '../target/config/load.ts';
import type { ProfileId } from '../target/profile.ts';
import { networkOf } from '../target/network.ts';
import { createTarget } from '../target/target.ts';
import type { Target } from '../target/target.ts';
import { createReachability } from './reachability.ts';
import type { Reachability } from './reachability.ts';

/** Everything a check may touch. No check reads `process.env`, the clock, a file or a process past this. */
export interface CheckContext {
  readonly target: Target;
  readonly files: Files;
  readonly clock: Clock;
  readonly helpers: Helpers;
  readonly processes: Processes;
  readonly machine: Machine;
  readonly terminal: Terminal;
  readonly disk: Disk;
  /** The one way out, with the proxies and the custom CA that the agent would use. */
  readonly network: Network;
  /** What the model provider answers, asked once for all checks. */
  readonly reachability: Reachability;
  /** The environment that the agent would inherit from this shell. */
  readonly env: Environment;
  readonly cwd: string;
  readonly options: ContextOptions;
  /** Aborted when the check's budget, the run's deadline or the user ends it. */
  readonly signal: AbortSignal;
  /** Says what a slow probe is waiting for, such as `git --version`; shown as progress. */
  waitingFor(what: string): void;
}

/** Plain data from which a context can be built again in another thread or process. */
export interface ContextOptions {
  readonly target: ProfileId | 'auto';
  readonly home?: string | undefined;
  readonly cwd: string;
  /** The folder was deleted while a shell stood in it, even if one of that name exists again. */
  readonly cwdIsGone?: boolean;
  readonly env: Environment;
  readonly overrides: ConfigOverrides;
  /** Run well-known helpers under the trust rule. */
  readonly exec: boolean;
  /** Also run what the user's own configuration names. */
  readonly deep: boolean;
  readonly offline: boolean;
  /** The user asked for plain output; only told, as the reason why there is no colour. */
  readonly noColor?: boolean;
}

export type SharedContext = Omit<CheckContext, 'signal' | 'waitingFor'>;

/** The installation that is examined. Its facts are read when somebody asks for them. */
export function targetOf(options: ContextOptions): Target {
  const { cwd, env, overrides } = options;
  return createTarget({ home: chooseHome(options, files), cwd, env, files, overrides });
}

/**
 * @param resolver looks up names; default this process itself
 * @param target where the caller shares its facts; default one of its own
 */
export function createContext(
  options: ContextOptions,
  {
    resolver,
    target = targetOf(options),
  }: { readonly resolver?: NameResolver; readonly target?: Target } = {},
): SharedContext {
  const { cwd, env, exec } = options;
  const network = networkOf(target, { files, resolver });
  return {
    target,
    network,
    reachability: createReachability({
      target,
      network,
      files,
      clock: systemClock,
      machine: thisMachine,
      options,
    }),
    files,
    clock: systemClock,
    helpers: createHelpers({ env, cwd, exec, files, userDirectory: userDirectory(env) }),
    processes,
    machine: thisMachine,
    terminal: systemTerminal,
    disk,
    env,
    cwd,
    options,
  };
}
