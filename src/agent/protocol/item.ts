import type { JsonObject, JsonValue } from '../../host/json.ts';

/** How much of an image the model gets to see; absent means that the provider decides. */
export type ImageDetail = 'auto' | 'low' | 'high' | 'original';

export interface InputText {
  readonly type: 'input_text';
  readonly text: string;
}
export interface InputImage {
  readonly type: 'input_image';
  readonly image_url: string;
  readonly detail?: ImageDetail;
}
export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
}
export type ContentItem = InputText | InputImage | OutputText;

/** What a tool answers: one text, or texts and images. */
export type ToolOutputContent = string | readonly (InputText | InputImage)[];

/**
 * One entry of a conversation as the Responses API spells it, in requests, in streams and in rollout files. Keys that are
 * not named here are kept as they came (`ResponseItem` values are never rebuilt from their known keys), so that an item
 * goes back to the API unchanged.
 */
export type ResponseItem =
  | MessageItem
  | ReasoningItem
  | FunctionCallItem
  | FunctionCallOutputItem
  | CustomToolCallItem
  | CustomToolCallOutputItem
  | LocalShellCallItem
  | ToolSearchCallItem
  | ToolSearchOutputItem
  | WebSearchCallItem
  | ImageGenerationCallItem
  | CompactionItem
  | ContextCompactionItem;

interface Identified {
  /** The provider's. Takes part in equality, and is left out of requests (spec/transport.md, trap 4). */
  readonly id?: string | null;
}

export interface MessageItem extends Identified {
  readonly type: 'message';
  readonly role: 'user' | 'assistant' | 'developer' | 'system';
  readonly content: readonly ContentItem[];
  readonly phase?: 'commentary' | 'final_answer' | null;
}
export interface ReasoningItem extends Identified {
  readonly type: 'reasoning';
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
  readonly content?: readonly { readonly type: 'reasoning_text' | 'text'; readonly text: string }[] | null;
  readonly encrypted_content?: string | null;
}
export interface FunctionCallItem extends Identified {
  readonly type: 'function_call';
  readonly name: string;
  readonly namespace?: string | null;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
  readonly call_id: string;
}
export interface FunctionCallOutputItem extends Identified {
  readonly type: 'function_call_output';
  readonly call_id: string;
  readonly output: ToolOutputContent;
}
export interface CustomToolCallItem extends Identified {
  readonly type: 'custom_tool_call';
  readonly status?: string | null;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string | null;
  readonly input: string;
}
export interface CustomToolCallOutputItem extends Identified {
  readonly type: 'custom_tool_call_output';
  readonly call_id: string;
  readonly name?: string | null;
  readonly output: ToolOutputContent;
}
export interface LocalShellCallItem extends Identified {
  readonly type: 'local_shell_call';
  readonly call_id?: string | null;
  readonly status: string;
  readonly action: JsonObject;
}
export interface ToolSearchCallItem extends Identified {
  readonly type: 'tool_search_call';
  readonly call_id?: string | null;
  readonly status?: string | null;
  readonly execution: string;
  readonly arguments: JsonValue;
}
export interface ToolSearchOutputItem extends Identified {
  readonly type: 'tool_search_output';
  readonly call_id?: string | null;
  readonly status: string;
  readonly execution: string;
  readonly tools: readonly JsonValue[];
}
export interface WebSearchCallItem extends Identified {
  readonly type: 'web_search_call';
  readonly status?: string | null;
  readonly action?: JsonObject | null;
}
export interface ImageGenerationCallItem extends Identified {
  readonly type: 'image_generation_call';
  readonly status: string;
  readonly revised_prompt?: string | null;
  /** Base64. */
  readonly result: string;
}
export interface CompactionItem extends Identified {
  readonly type: 'compaction';
  readonly encrypted_content: string;
}
export interface ContextCompactionItem extends Identified {
  readonly type: 'context_compaction';
  readonly encrypted_content?: string | null;
}

/** An item that asks the core to do something and waits for an output with the same `call_id`. */
export type ToolCallItem = FunctionCallItem | CustomToolCallItem | LocalShellCallItem | ToolSearchCallItem;
/** The answer to one. */
export type ToolOutputItem = FunctionCallOutputItem | CustomToolCallOutputItem | ToolSearchOutputItem;
