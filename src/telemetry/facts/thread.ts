import type { JsonObject } from '../../host/json.ts';
import type { TraceContext } from '../observer.ts';
import type { AuthEnvironmentFacts } from './attempt.ts';
import type { ProviderFacts, TurnScope, UsageFacts } from './inference.ts';

/** Threads, their operations and their turns. */
export type ThreadFact =
  | ThreadStarted
  | { readonly type: 'thread_ended'; readonly threadId: string; readonly status: 'completed' | 'failed' }
  | {
      readonly type: 'operation_started';
      readonly threadId: string;
      readonly submissionId: string;
      /** `user_input`, `interrupt` …, as the protocol spells it. */
      readonly operation: string;
      /** Of the caller. */
      readonly trace?: TraceContext;
    }
  | { readonly type: 'operation_ended'; readonly threadId: string; readonly submissionId: string }
  | {
      readonly type: 'turn_started';
      readonly threadId: string;
      readonly turnId: string;
      readonly kind: 'turn' | 'compact' | 'user_shell';
      readonly model: string;
      readonly effort?: string;
      readonly trace?: TraceContext;
    }
  | TurnEnded
  /** A prompt became part of the conversation. `text` is for listeners that may hold it. */
  | {
      readonly type: 'prompt';
      readonly threadId: string;
      readonly turnId: string;
      readonly text: string;
      readonly textInputs: number;
      readonly imageInputs: number;
      readonly localImageInputs: number;
    }
  /** From the start of the turn. `what`: anything of the model, or the first word of its message. */
  | {
      readonly type: 'first_token' | 'first_message';
      readonly threadId: string;
      readonly turnId: string;
      readonly durationMs: number;
    }
  /** Its file is let go of, and is as long as that. */
  | { readonly type: 'rollout_closed'; readonly threadId: string; readonly bytes: number }
  /** An item became part of the conversation, as the API spells it. */
  | (TurnScope & { readonly type: 'item_recorded'; readonly item: () => JsonObject })
  | (TurnScope & {
      readonly type: 'compaction_installed';
      readonly compactionId: string;
      /** What stands in the conversation's place now. */
      readonly replacement: () => readonly JsonObject[];
    })
  /** An event as clients get it; all but deltas. */
  | (TurnScope & {
      readonly type: 'protocol_event';
      readonly event: () => JsonObject;
      readonly name: string;
    });

export interface ThreadStarted {
  readonly type: 'thread_started';
  readonly threadId: string;
  readonly sessionId: string;
  /** When somebody asked for it, where that is known. */
  readonly beganAtMs?: number;
  readonly how: 'started' | 'resumed' | 'forked';
  readonly forkedFrom?: string;
  /** `/root` for one that a user talks to. */
  readonly agentPath: string;
  /** `cli`, `exec`. */
  readonly source: string;
  readonly cwd: string;
  readonly isGit: boolean;
  readonly isWorktree: boolean;
  readonly model: string;
  readonly provider: ProviderFacts;
  /** `ApiKey`, `Chatgpt`. */
  readonly authMode?: string;
  /** Of the account: for listeners that may hold it, never for traces. */
  readonly account?: { readonly id?: string; readonly userId?: string; readonly email?: string };
  readonly authEnvironment: AuthEnvironmentFacts;
  readonly effort?: string;
  readonly summary: string;
  readonly contextWindow?: number;
  readonly autoCompactTokenLimit?: number;
  readonly approvalPolicy: string;
  readonly sandboxPolicy: string;
  readonly mcpServers: readonly string[];
}

export interface TurnEnded {
  readonly type: 'turn_ended';
  readonly threadId: string;
  readonly turnId: string;
  readonly status: 'completed' | 'failed' | 'aborted';
  /** Why it failed or was aborted: a class, no words of a server. */
  readonly cause?: string;
  readonly durationMs: number;
  readonly timeToFirstTokenMs: number | null;
  readonly requests: number;
  readonly retries: number;
  readonly phasesMs: Readonly<Record<string, number>>;
  /** Of all its responses. */
  readonly usage: UsageFacts;
  readonly toolCalls: number;
}
