import type { ResponseItem } from '../../protocol/item.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { isObject } from './json-parts.ts';

type Part = 'text' | 'list' | 'object' | 'any';

/** What an item of each kind cannot be without. */
const REQUIRED: Readonly<Record<ResponseItem['type'], Readonly<Record<string, Part>>>> = {
  message: { role: 'text', content: 'list' },
  reasoning: { summary: 'list' },
  function_call: { name: 'text', arguments: 'text', call_id: 'text' },
  function_call_output: { call_id: 'text', output: 'any' },
  custom_tool_call: { call_id: 'text', name: 'text', input: 'text' },
  custom_tool_call_output: { call_id: 'text', output: 'any' },
  local_shell_call: { status: 'text', action: 'object' },
  tool_search_call: { execution: 'text', arguments: 'any' },
  tool_search_output: { status: 'text', execution: 'text', tools: 'list' },
  web_search_call: {},
  image_generation_call: { status: 'text', result: 'text' },
  compaction: { encrypted_content: 'text' },
  context_compaction: {},
};

/** An older spelling. */
const COMPACTION_ALIAS = 'compaction_summary';

/**
 * An item as a server sent it; undefined when it is of no kind that the core knows, or lacks what its kind needs. Keys
 * that nobody knows are kept.
 */
export function readItem(value: JsonValue | undefined): ResponseItem | undefined {
  if (!isObject(value)) return undefined;
  const item = value['type'] === COMPACTION_ALIAS ? { ...value, type: 'compaction' } : value;
  const type = item['type'];
  if (typeof type !== 'string' || !Object.hasOwn(REQUIRED, type)) return undefined;
  const required = Object.entries(REQUIRED[type as ResponseItem['type']]);
  return required.every(([key, part]) => isPart(item, key, part))
    ? (item as unknown as ResponseItem)
    : undefined;
}

function isPart(item: JsonObject, key: string, part: Part): boolean {
  const value = item[key];
  switch (part) {
    case 'text':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'any':
      return value !== undefined;
  }
}
