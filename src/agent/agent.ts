import type { Clock } from '../host/clock.ts';
import type { ListedThread, ThreadFilter } from '../store/rollouts/list.ts';
import type { AgentObserver } from '../telemetry/observer.ts';
import type { Environment } from '../target/home.ts';
import type { ConfigOverrides } from '../target/config/load.ts';
import type { ProfileId } from '../target/profile.ts';
import type { AgentConfig } from './config/config.ts';
import type { EntryPoint } from './config/policies.ts';
import type { AgentModel } from './agent-model.ts';
import type { IdSource } from './protocol/ids.ts';
import type { ThreadSettings } from './protocol/op.ts';
import type { AgentThread } from './thread/thread.ts';

/** Who exports what the agent tells; see {@link AgentOptions.telemetry}. */
export type Telemetry = 'configured' | 'program' | 'off';

export interface AgentOptions {
  /** Default: `STETHOS_HOME`, or `~/.stethos`. */
  readonly home?: string;
  /** Default: this process's. */
  readonly env?: Environment;
  /** Absolute. Default: this process's. */
  readonly cwd?: string;
  /** What a command line says over the configuration. */
  readonly overrides?: ConfigOverrides;
  /** Who is there to answer questions. Default: somebody. */
  readonly entryPoint?: EntryPoint;
  /** Rules about commands are not read. Default: they are. */
  readonly ignoresRules?: boolean;
  /** Keys of the configuration that nobody knows keep the agent from starting. Default: they are warned of. */
  readonly isStrict?: boolean;
  /** Work as the agent of another installation and leave that untouched. Default: work in a home of our own. */
  readonly examination?: Examination;
  /** Who really asks; goes into `User-Agent` and into the files of threads. */
  readonly client?: { readonly name: string; readonly version: string };
  /** In place of the configured provider, such as a scripted model. */
  readonly provider?: AgentModel;
  /** Told what happens, as it happens; nothing is read back from it. Flushed when the agent is closed. */
  readonly observer?: AgentObserver;
  /**
   * `configured`: what `[otel]` and the environment ask for is exported, whoever embeds the agent. `program`: the agent joins
   * the telemetry of the program around it, as that is registered with the OpenTelemetry API, and what a prompt sets off
   * stands below the span that was active when it was submitted. `off`: only `observer` hears anything. Default:
   * `configured`; an examination is never exported.
   */
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** Told of what costs something and stops nothing, such as a database that cannot be used. */
  readonly onWarning?: (message: string) => void;
}

/**
 * An agent that only shows whether it could work: it reads the configuration and the login of a home, and writes below a
 * folder of its own. It renews no login, starts no server of the configuration and runs no command.
 */
export interface Examination {
  readonly profile: ProfileId;
  /** Absolute; everything that is written stands here, and it is the working directory. */
  readonly folder: string;
}

export interface StartOptions {
  readonly settings?: ThreadSettings;
  /** Leaves nothing on disk. */
  readonly isEphemeral?: boolean;
  /** Tools that the client runs itself (spec/agent-core.md 2.5). */
  readonly dynamicTools?: readonly unknown[];
}

/** The embedded coding agent: threads that live in one home and talk to one provider. */
export interface Agent {
  readonly config: AgentConfig;
  /** @throws AgentStartError */
  startThread(options?: StartOptions): Promise<AgentThread>;
  /** The same thread goes on in the same file. @throws AgentStartError, ThreadNotFound, ThreadInUse */
  resumeThread(idOrName: string, options?: StartOptions): Promise<AgentThread>;
  /**
   * A new thread with the beginning of another one.
   * @param options `beforePrompt` counts from 0; without it everything is copied
   * @throws AgentStartError, ThreadNotFound
   */
  forkThread(
    idOrName: string,
    options?: StartOptions & { readonly beforePrompt?: number },
  ): Promise<AgentThread>;
  listThreads(options: {
    readonly limit: number;
    readonly filter?: ThreadFilter;
    readonly signal: AbortSignal;
  }): Promise<readonly ListedThread[]>;
  /** Shuts every thread down, and lets go of the home. */
  close(): Promise<void>;
}
