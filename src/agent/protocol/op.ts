import type { ApprovalPolicy, ReviewDecision, SandboxPolicy } from '../policy/policy.ts';
import type { ImageDetail } from './item.ts';
import type { JsonValue } from '../../host/json.ts';
import type { TurnId } from './ids.ts';

/** What a client may put into a turn. */
export type UserInput =
  | { readonly type: 'text'; readonly text: string }
  /** A data URL or an https address. */
  | { readonly type: 'image'; readonly imageUrl: string; readonly detail?: ImageDetail }
  | { readonly type: 'local_image'; readonly path: string };

/** Settings of the thread that hold from the next turn on; absent ones stay as they are. */
export interface ThreadSettings {
  readonly cwd?: string;
  readonly model?: string;
  readonly effort?: string | null;
  readonly approvalPolicy?: ApprovalPolicy;
  readonly sandboxPolicy?: SandboxPolicy;
}

/** What a client asks of a thread (spec/agent-core.md 1.3). Each submission's id is that of the turn it opens. */
export type Op =
  | {
      readonly type: 'user_input';
      readonly items: readonly UserInput[];
      /** JSON Schema that the final message must follow. */
      readonly finalOutputJsonSchema?: JsonValue;
      /** Merged into the turn metadata; built-in keys win (spec/transport.md 2.7). */
      readonly clientMetadata?: Readonly<Record<string, string>>;
      /** Steer this turn or be refused; absent: whichever runs, or a new one. */
      readonly expectedTurnId?: TurnId;
      readonly threadSettings?: ThreadSettings;
    }
  | { readonly type: 'thread_settings'; readonly settings: ThreadSettings }
  | { readonly type: 'interrupt' }
  /** `/stop`, alias `/clean`: ends the background terminals. */
  | { readonly type: 'clean_background_terminals' }
  | { readonly type: 'compact' }
  | { readonly type: 'thread_rollback'; readonly numTurns: number }
  | { readonly type: 'run_user_shell_command'; readonly command: string }
  | { readonly type: 'exec_approval'; readonly id: string; readonly decision: ReviewDecision }
  | { readonly type: 'patch_approval'; readonly id: string; readonly decision: ReviewDecision }
  | {
      readonly type: 'user_input_answer';
      readonly id: string;
      readonly answers: Readonly<Record<string, readonly string[]>>;
    }
  | {
      readonly type: 'dynamic_tool_response';
      readonly id: string;
      readonly success: boolean;
      readonly contentItems: readonly DynamicToolContent[];
    }
  | {
      readonly type: 'resolve_elicitation';
      readonly id: string;
      readonly action: 'accept' | 'decline' | 'cancel';
      readonly content?: JsonValue;
    }
  | { readonly type: 'shutdown' };

export type DynamicToolContent =
  | { readonly type: 'inputText'; readonly text: string }
  | { readonly type: 'inputImage'; readonly imageUrl: string };

export interface Submission {
  readonly id: string;
  readonly op: Op;
  /** W3C trace context of the caller. */
  readonly trace?: { readonly traceparent: string; readonly tracestate?: string };
}
