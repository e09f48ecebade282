/** How a thread starts: what took how long before its first turn. */
export type StartFact =
  /** It was put together, or refused. Told at the end, as nobody knows of a thread before it is there. */
  | {
      readonly type: 'thread_spawned';
      readonly threadId: string;
      /** `failed`: a server that it must not start without did not come. */
      readonly status: 'ready' | 'failed';
      readonly beganAtMs: number;
      readonly durationMs: number;
      /** When whoever listens was there; what came before is their own time. */
      readonly initBeganAtMs: number;
      readonly steps: readonly StartStep[];
    }
  /** The connection for the first turn was made ready, or was not. Not told where there is none to make ready. */
  | {
      readonly type: 'warmed_up';
      readonly threadId: string;
      readonly status: WarmUpStatus;
      /** From the start of the thread. */
      readonly durationMs: number;
      /** Until its tools were there; the servers that bring some among them. */
      readonly toolsMs: number;
    }
  /** The first turn asked for it. */
  | {
      readonly type: 'warm_up_consumed';
      readonly threadId: string;
      readonly status: WarmUpStatus;
      /** When it asked, from the start of the thread. */
      readonly ageMs: number;
      readonly waitedMs: number;
    };

export type WarmUpStatus = 'ready' | 'failed' | 'timed_out' | 'cancelled';

export interface StartStep {
  readonly step: StartStepName;
  readonly beganAtMs: number;
  readonly durationMs: number;
}

/** Those of codex that our start has (spec/observability.md 4.6). */
export type StartStepName = 'state_db' | 'thread_persistence' | 'mcp_manager_init' | 'required_mcp_wait';
