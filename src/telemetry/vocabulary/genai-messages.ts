import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { Redactor } from '../../redact/redactor.ts';
import { safeText } from './words.ts';

/** The last messages of a conversation say what it is about; a collector refuses what is very large. */
const MAX_MESSAGES = 100;

type Part = Readonly<Record<string, unknown>>;
interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
}
type TextRedactor = Pick<Redactor, 'text'>;

/** `gen_ai.input.messages` of a request, as JSON (schema: gen-ai-input-messages.json). */
export function inputMessages(redactor: TextRedactor, { input }: JsonObject): string {
  return messagesOf(redactor, isList(input) ? input.filter(isJsonObject) : []);
}

/** `gen_ai.output.messages` of a response, as JSON (schema: gen-ai-output-messages.json). */
export function outputMessages(redactor: TextRedactor, items: readonly JsonObject[]): string {
  return messagesOf(redactor, items);
}

/** `gen_ai.system_instructions` of a request, as JSON. */
export function instructionsOf(redactor: TextRedactor, { instructions }: JsonObject): string | undefined {
  if (typeof instructions !== 'string' || instructions === '') return undefined;
  return JSON.stringify([{ type: 'text', content: safeText(redactor, instructions).text }]);
}

function messagesOf(redactor: TextRedactor, items: readonly JsonObject[]): string {
  return JSON.stringify(items.slice(-MAX_MESSAGES).map((item) => messageOf(redactor, item)));
}

function messageOf(redactor: TextRedactor, item: JsonObject): Message {
  const clean = (text: unknown): string =>
    safeText(redactor, typeof text === 'string' ? text : (JSON.stringify(text) ?? '')).text;
  const { type, role } = item;
  const id = item.call_id === undefined ? undefined : clean(item.call_id);
  switch (type) {
    case 'message':
      return { role: typeof role === 'string' ? clean(role) : 'user', parts: textParts(item.content, clean) };
    case 'reasoning':
      return {
        role: 'assistant',
        parts: textParts(item.summary, clean).map((part) => ({ ...part, type: 'reasoning' })),
      };
    case 'function_call':
    case 'custom_tool_call':
      return {
        role: 'assistant',
        parts: [
          { type: 'tool_call', id, name: clean(item.name), arguments: clean(item.arguments ?? item.input) },
        ],
      };
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { role: 'tool', parts: [{ type: 'tool_call_response', id, response: clean(item.output) }] };
    default:
      return { role: 'assistant', parts: [{ type: clean(type) }] };
  }
}

const isJsonObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** What has no text (an image) is named by its kind alone. */
function textParts(content: JsonValue | undefined, clean: (text: unknown) => string): Part[] {
  if (typeof content === 'string') return [{ type: 'text', content: clean(content) }];
  if (!isList(content)) return [];
  return content
    .filter(isJsonObject)
    .map((part) =>
      typeof part.text === 'string'
        ? { type: 'text', content: clean(part.text) }
        : { type: clean(part.type) },
    );
}
