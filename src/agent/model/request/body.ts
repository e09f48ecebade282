import type { ResponseItem } from '../../protocol/item.ts';
import type { JsonValue } from '../../../host/json.ts';
import type { ToolSpec } from '../../tools/spec.ts';
import type { ModelRequest } from '../client.ts';
import { httpClientMetadata } from './client-metadata.ts';

/** What a body says besides what the turn loop asked for. */
export interface BodyFacts {
  readonly installationId: string;
  /** `{thread_id}:{window_generation}`. */
  readonly windowId: string;
  /** True for Azure, which keeps responses and knows items by their ids. */
  readonly storesResponses: boolean;
}

/**
 * A logical request in the shape of HTTP (spec/transport.md 1.1), key order included. The items of `input` still have
 * their ids: `wireInput` takes them away where the request is written, and comparisons need them (trap 4).
 */
export interface RequestBody {
  readonly model: string;
  readonly instructions?: string;
  readonly input: readonly ResponseItem[];
  readonly tools: readonly ToolSpec[];
  readonly tool_choice: 'auto';
  readonly parallel_tool_calls: boolean;
  /** Written as `null` where there is none (trap 1). */
  readonly reasoning: Reasoning | null;
  readonly store: boolean;
  readonly stream: true;
  readonly include: readonly string[];
  readonly service_tier?: string;
  readonly prompt_cache_key: string;
  readonly text?: TextOptions;
  readonly client_metadata: Readonly<Record<string, string>>;
}

interface Reasoning {
  readonly effort?: string;
  readonly summary?: 'auto' | 'concise' | 'detailed';
  readonly context?: 'all_turns';
}

interface TextOptions {
  readonly verbosity?: 'low' | 'medium' | 'high';
  readonly format?: {
    readonly type: 'json_schema';
    readonly strict: boolean;
    readonly schema: JsonValue;
    readonly name: string;
  };
}

/** The tier that everybody has; naming it is left out. */
const DEFAULT_SERVICE_TIER = 'default';
const OUTPUT_SCHEMA_NAME = 'codex_output_schema';

/** The body of `POST responses`, before it is written. */
export function requestBody(request: ModelRequest, facts: BodyFacts): RequestBody {
  const { model, instructions, input, tools } = request;
  const reasoning = reasoningOf(request);
  return {
    model: model.slug,
    ...(instructions !== '' && { instructions }),
    input,
    tools,
    tool_choice: 'auto',
    parallel_tool_calls: parallelToolCallsOf(request),
    reasoning,
    store: facts.storesResponses,
    stream: true,
    include: reasoning ? ['reasoning.encrypted_content'] : [],
    ...serviceTierOf(request),
    prompt_cache_key: request.promptCacheKey,
    ...textOf(request),
    client_metadata: httpClientMetadata(facts),
  };
}

/** The body of `POST responses/compact` (spec/transport.md 1.10), as it is written. */
export function compactBody(request: ModelRequest): object {
  const { model, instructions, input, tools } = request;
  const reasoning = reasoningOf(request);
  return {
    model: model.slug,
    input: wireInput(input, { keepsIds: false }),
    ...(instructions !== '' && { instructions }),
    tools,
    parallel_tool_calls: parallelToolCallsOf(request),
    ...(reasoning && { reasoning }),
    ...serviceTierOf(request),
    prompt_cache_key: request.promptCacheKey,
    ...textOf(request),
  };
}

const parallelToolCallsOf = ({ model, parallelToolCalls }: ModelRequest): boolean =>
  parallelToolCalls && model.supportsParallelToolCalls && !model.usesResponsesLite;

function reasoningOf({ model, effort = model.defaultEffort, summary }: ModelRequest): Reasoning | null {
  if (!model.supportsReasoningSummaries) return null;
  return {
    ...(effort !== undefined && { effort }),
    ...(summary !== 'none' && { summary }),
    ...(model.usesResponsesLite && { context: 'all_turns' }),
  };
}

function serviceTierOf({ model, serviceTier }: ModelRequest): Pick<RequestBody, 'service_tier'> {
  if (serviceTier === undefined || serviceTier === DEFAULT_SERVICE_TIER) return {};
  return model.serviceTiers.includes(serviceTier) ? { service_tier: serviceTier } : {};
}

function textOf({ model, verbosity, outputSchema }: ModelRequest): Pick<RequestBody, 'text'> {
  const shownVerbosity = model.supportsVerbosity ? verbosity : undefined;
  if (shownVerbosity === undefined && outputSchema === undefined) return {};
  return {
    text: {
      ...(shownVerbosity !== undefined && { verbosity: shownVerbosity }),
      ...(outputSchema && { format: { type: 'json_schema', ...outputSchemaOf(outputSchema) } }),
    },
  };
}

const outputSchemaOf = ({
  strict,
  schema,
}: NonNullable<ModelRequest['outputSchema']>): { strict: boolean; schema: JsonValue; name: string } => ({
  strict,
  schema,
  name: OUTPUT_SCHEMA_NAME,
});

/** Kinds whose id goes back to a provider that stores responses. */
const KINDS_WITH_IDS: ReadonlySet<ResponseItem['type']> = new Set([
  'reasoning',
  'message',
  'web_search_call',
  'function_call',
  'tool_search_call',
  'local_shell_call',
  'custom_tool_call',
]);

export interface WireOptions {
  /** Only where the provider stores responses, and only over HTTP. */
  readonly keepsIds: boolean;
}

/** Items as a request writes them. */
export const wireInput = (items: readonly ResponseItem[], options: WireOptions): readonly ResponseItem[] =>
  items.map((item) => serialiseItem(item, options));

/**
 * What the shipping agent notes on items in its files, and itself sends to no server but its own: another one refuses a key
 * that it does not know.
 */
const NOTES = 'internal_chat_message_metadata_passthrough';

/** One item as a request writes it: without its id, which a generated image alone always keeps. */
export function serialiseItem(noted: ResponseItem, { keepsIds }: WireOptions): ResponseItem {
  const item = withoutNotes(noted);
  if (item.id === undefined || item.type === 'image_generation_call') return item;
  if (keepsIds && item.id !== null && item.id !== '' && KINDS_WITH_IDS.has(item.type)) return item;
  const { id: _, ...rest } = item;
  return rest;
}

function withoutNotes(item: ResponseItem): ResponseItem {
  if (!(NOTES in item)) return item;
  const { [NOTES]: _, ...rest } = item;
  return rest;
}

/** An HTTP request as it is written. */
export const wireBody = (body: RequestBody): RequestBody => ({
  ...body,
  input: wireInput(body.input, { keepsIds: body.store }),
});

/** The text of an HTTP request. */
export const bodyText = (body: RequestBody): string => JSON.stringify(wireBody(body));
