import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { ConversationItem, ConversationPart, ConversationRole } from '../model/conversation.ts';
import { TraceFault } from './fault.ts';
import { canonicalSha256, jsonSummary } from './json-summary.ts';
import { isObject, listAt, memberOf, parseJson, textAt } from '../read-json.ts';

/** What an item of a request or an answer says, without when and by whom. */
export type ItemContent = Pick<
  ConversationItem,
  'role' | 'channel' | 'kind' | 'body' | 'call_id' | 'agent_message' | 'responses_item_id'
>;

/** The tool whose input is a program; its call is a code cell. */
const CODE_TOOL = 'exec';

/**
 * An item as the API spells it, as part of a conversation; undefined for what is no part of one.
 * @param payloadId where it stands
 * @throws TraceFault for a type that the format does not have
 */
export function normaliseItem(item: JsonValue, payloadId: string): ItemContent | undefined {
  const type = textAt(item, 'type');
  if (type === undefined || !isObject(item))
    throw new TraceFault('unsupported_item', `an item in ${payloadId} has no type`);
  const id = textAt(item, 'id');
  const rest = restOf(item, type, payloadId);
  return rest && { ...rest, ...(id !== undefined && { responses_item_id: id }) };
}

function restOf(item: JsonObject, type: string, payloadId: string): ItemContent | undefined {
  switch (type) {
    case 'message':
      return {
        ...of(roleOf(item, payloadId), 'message', channelOf(item)),
        body: body(contentParts(memberOf(item, 'content'), payloadId)),
      };
    case 'agent_message':
      return {
        ...of('assistant', 'message', 'analysis'),
        agent_message: {
          author: textAt(item, 'author') ?? '',
          recipient: textAt(item, 'recipient') ?? '',
        },
        body: body(contentParts(memberOf(item, 'content'), payloadId)),
      };
    case 'reasoning':
      return {
        ...of('assistant', 'reasoning', 'analysis'),
        body: body(reasoningParts(item, payloadId)),
      };
    case 'function_call':
      return call(item, 'function_call', [argumentsPart(memberOf(item, 'arguments'), payloadId)]);
    case 'custom_tool_call':
      return call(item, 'custom_tool_call', [inputPart(item, payloadId)]);
    case 'local_shell_call':
    case 'web_search_call':
    case 'image_generation_call':
    case 'tool_search_call':
      return call(item, 'function_call', [jsonPart(item, payloadId)]);
    case 'function_call_output':
      return output(item, 'function_call_output', outputParts(item, payloadId));
    case 'custom_tool_call_output':
      return output(item, 'custom_tool_call_output', outputParts(item, payloadId));
    case 'tool_search_output':
    case 'mcp_tool_call_output':
      return output(item, 'function_call_output', [jsonPart(item, payloadId)]);
    case 'compaction':
    case 'compaction_summary':
    case 'context_compaction':
      return { ...of('assistant', 'message', 'summary'), body: body([sealedPart(item, payloadId)]) };
    case 'additional_tools':
      return undefined;
    default:
      throw new TraceFault('unsupported_item', `${payloadId} holds an item of the unknown type ${type}`);
  }
}

type Frame = Omit<ItemContent, 'body' | 'responses_item_id' | 'agent_message'>;

const of = (
  role: ConversationRole,
  kind: ItemContent['kind'],
  channel: ItemContent['channel'],
  callId: string | null = null,
): Frame => ({ role, channel, kind, call_id: callId });

const body = (parts: readonly ConversationPart[]): ItemContent['body'] => ({ parts });

const call = (
  item: JsonObject,
  kind: 'function_call' | 'custom_tool_call',
  parts: readonly ConversationPart[],
): ItemContent => ({
  ...of('assistant', kind, 'commentary', textAt(item, 'call_id') ?? null),
  body: body(parts),
});

const output = (
  item: JsonObject,
  kind: 'function_call_output' | 'custom_tool_call_output',
  parts: readonly ConversationPart[],
): ItemContent => ({
  ...of('tool', kind, 'commentary', textAt(item, 'call_id') ?? null),
  body: body(parts),
});

const ROLES: readonly string[] = [
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
] satisfies ConversationRole[];

function roleOf(item: JsonObject, payloadId: string): ConversationRole {
  const role = textAt(item, 'role');
  if (role === undefined || !ROLES.includes(role))
    throw new TraceFault('unsupported_item', `a message in ${payloadId} has no role that is known`);
  return role as ConversationRole;
}

function channelOf(item: JsonObject): ItemContent['channel'] {
  const phase = textAt(item, 'phase');
  if (phase === 'final_answer') return 'final';
  return phase === 'commentary' ? 'commentary' : null;
}

const TEXT_PARTS: readonly string[] = ['input_text', 'output_text', 'text', 'reasoning_text'];

function contentParts(content: JsonValue | undefined, payloadId: string): readonly ConversationPart[] {
  if (!Array.isArray(content)) return [{ type: 'payload_ref', label: 'content', raw_payload_id: payloadId }];
  return (content as readonly JsonValue[]).map((part) => contentPart(part, payloadId));
}

function contentPart(part: JsonValue, payloadId: string): ConversationPart {
  const type = textAt(part, 'type') ?? 'content';
  const text = textAt(part, 'text');
  if (text !== undefined && TEXT_PARTS.includes(type)) return { type: 'text', text };
  const sealed = textAt(part, 'encrypted_content');
  if (sealed !== undefined) return { type: 'encoded', label: 'encrypted_content', value: sealed };
  return {
    type: 'payload_ref',
    label: type,
    raw_payload_id: payloadId,
    content_sha256: canonicalSha256(part),
  };
}

function reasoningParts(item: JsonObject, payloadId: string): readonly ConversationPart[] {
  const sealed = textAt(item, 'encrypted_content');
  const parts: readonly ConversationPart[] = [
    ...(listAt(item, 'content') ?? []).map((part) => contentPart(part, payloadId)),
    ...(listAt(item, 'summary') ?? []).map((part) => ({
      type: 'summary' as const,
      text: textAt(part, 'text') ?? '',
    })),
    ...(sealed === undefined
      ? []
      : [{ type: 'encoded' as const, label: 'encrypted_content', value: sealed }]),
  ];
  if (parts.length === 0)
    throw new TraceFault('unsupported_item', `a thought in ${payloadId} has no content of any kind`);
  return parts;
}

function argumentsPart(value: JsonValue | undefined, payloadId: string): ConversationPart {
  if (value === undefined) return { type: 'payload_ref', label: 'payload', raw_payload_id: payloadId };
  if (typeof value !== 'string') return jsonPart(value, payloadId);
  const parsed = parseJson(value);
  return parsed === undefined ? { type: 'text', text: value } : jsonPart(parsed, payloadId);
}

function inputPart(item: JsonObject, payloadId: string): ConversationPart {
  const input = textAt(item, 'input');
  if (input === undefined) return jsonPart(item, payloadId);
  return textAt(item, 'name') === CODE_TOOL
    ? { type: 'code', language: 'javascript', source: input }
    : { type: 'text', text: input };
}

function outputParts(item: JsonObject, payloadId: string): readonly ConversationPart[] {
  const value = memberOf(item, 'output');
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (Array.isArray(value)) return contentParts(value as readonly JsonValue[], payloadId);
  return [jsonPart(value ?? item, payloadId)];
}

function sealedPart(item: JsonObject, payloadId: string): ConversationPart {
  const value = textAt(item, 'encrypted_content');
  if (value === undefined)
    throw new TraceFault('unsupported_item', `a compaction in ${payloadId} has no encrypted content`);
  return { type: 'encoded', label: 'encrypted_content', value };
}

const jsonPart = (value: JsonValue, payloadId: string): ConversationPart => ({
  type: 'json',
  summary: jsonSummary(value),
  raw_payload_id: payloadId,
});

/** What two items are compared by: everything but ids, and of a thought its encrypted content alone. */
export function fingerprintOf({
  role,
  channel,
  kind,
  body: { parts },
  call_id,
  agent_message,
}: ItemContent): string {
  const sealed = kind === 'reasoning' ? parts.find((part) => part.type === 'encoded') : undefined;
  const compared = sealed ? [sealed] : parts.map(comparable);
  return canonicalSha256([
    role,
    sealed ? null : channel,
    kind,
    call_id,
    agent_message ?? null,
    compared,
  ] as JsonValue);
}

function comparable(part: ConversationPart): ConversationPart {
  if (part.type === 'json') return { ...part, raw_payload_id: '' };
  return part.type === 'payload_ref' && part.content_sha256 !== undefined
    ? { ...part, raw_payload_id: '' }
    : part;
}
