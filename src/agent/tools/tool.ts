import type { EventMsg } from '../protocol/event.ts';
import type { SessionId, ThreadId, TurnId } from '../protocol/ids.ts';
import type { ToolOutputContent } from '../protocol/item.ts';
import type { JsonValue } from '../../host/json.ts';
import type { ModelInfo } from '../model/info.ts';
import type { ApprovalPolicy, SandboxPolicy } from '../policy/policy.ts';
import type { Tell } from '../listening/tell.ts';
import type { ToolSpec } from './spec.ts';

/** A call as the model made it. */
export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  readonly namespace?: string;
  readonly payload:
    | { readonly kind: 'function'; /** JSON text. */ readonly arguments: string }
    | { readonly kind: 'custom'; readonly input: string }
    | { readonly kind: 'search'; readonly arguments: JsonValue };
}

/** What the model is told. */
export interface ToolResult {
  readonly content: ToolOutputContent;
  readonly success: boolean;
  /** The value that code mode hands to a script instead; absent: the text. */
  readonly value?: JsonValue;
  /** Of `tool_search`: what was found, as the output item carries it. */
  readonly tools?: readonly ToolSpec[];
}

/** A call that failed in a way the model should know of: `message` becomes the output, and the turn goes on. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}

/** Ends the turn: nothing that the model could do about it. */
export class TurnFailure extends Error {
  override readonly name = 'TurnFailure';
}

/** What a tool may know of the turn that it runs in. */
export interface ToolContext {
  readonly threadId: ThreadId;
  readonly sessionId: SessionId;
  readonly turnId: TurnId;
  readonly model: ModelInfo;
  /** Absolute; relative paths of the model start here. */
  readonly cwd: string;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  readonly isFeatureOn: (name: string) => boolean;
  /** `x-codex-turn-metadata` as MCP servers get it (spec/transport.md 2.7). */
  turnMetadata(): Readonly<Record<string, JsonValue>>;
  emit(msg: EventMsg): void;
  /** Tells facts of the thread; absent where nobody listens. */
  readonly tell?: Tell | undefined;
  /** The call that is being handled. */
  readonly calling?: Pick<ToolCall, 'name' | 'namespace'>;
  /** Aborted by an interrupt. A process that was moved to the background must not listen to it (trap 4). */
  readonly signal: AbortSignal;
}

export type ToolOrigin = { readonly kind: 'mcp'; readonly server: string } | { readonly kind: 'dynamic' };

/** One tool. Tools of one thread share whatever they were made with; a tool keeps nothing of a turn. */
export interface Tool {
  readonly name: string;
  readonly namespace?: string;
  /** Undefined: callable, and not shown to the model. */
  readonly spec: ToolSpec | undefined;
  /** Whose tool it is. Default: ours. */
  readonly origin?: ToolOrigin;
  /** May run beside others that are parallel as well. */
  readonly parallel: boolean;
  /**
   * @throws ToolFailure for the model, TurnFailure for the turn; anything else is a bug and ends the turn as well
   */
  handle(call: ToolCall, context: ToolContext): Promise<ToolResult>;
}
