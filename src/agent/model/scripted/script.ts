import type { ResponseItem } from '../../protocol/item.ts';
import type { TokenUsage } from '../../protocol/usage.ts';
import type { ModelFailure } from '../error.ts';

/** What a scripted model answers; plain data, so that it can stand in a JSON file. */
export interface Script {
  /** The first response that is left and whose `when` fits answers a request, and is then used up. */
  readonly responses: readonly ScriptedResponse[];
}

export interface ScriptedResponse {
  /** Which requests this answers; absent: any. */
  readonly when?: ScriptedCondition;
  /** Answers as often as it fits instead of once. */
  readonly repeat?: boolean;
  /** Waited before the first event. */
  readonly delayMs?: number;
  readonly output?: readonly ScriptedOutput[];
  readonly usage?: TokenUsage;
  /** `false` asks for another request although no tool was called. */
  readonly endTurn?: boolean;
  /** Ends the response instead of `completed`, after its output; `message` is what a user reads. */
  readonly fails?: ModelFailure & { readonly message?: string };
}

/** Holds when every text that is named is contained. */
export interface ScriptedCondition {
  /** In the last message of the user. */
  readonly userText?: string;
  /** In the last output of a tool that came after that message. */
  readonly toolOutput?: string;
}

/** A text is a message of the assistant; a list of texts is one message that comes in these pieces. */
export type ScriptedOutput = string | readonly string[] | ResponseItem;
