import { expect, test } from 'vitest';
import type { JsonValue } from '../../../host/json.ts';
import { storedItem } from '../../thread/recording/stored-item.ts';
import { readItem } from './read-item.ts';

const MESSAGE = { type: 'message', role: 'assistant', content: [] };

test.each<[string, JsonValue]>([
  ['a part that is none', { ...MESSAGE, content: [null] }],
  ['a text that is none', { ...MESSAGE, content: [{ type: 'output_text', text: 7 }] }],
  ['a thought that is none', { type: 'reasoning', summary: [1] }],
  ['an id that is no text', { ...MESSAGE, id: 7 }],
  ['a kind that stands in files alone', { type: 'agent_message' }],
  ['a call without arguments', { type: 'function_call', name: 'f', call_id: 'c' }],
  ['nothing', null],
])('is no item: %s', (_title, value) => {
  expect(readItem(value)).toBeUndefined();
});

test.each<JsonValue>([
  { ...MESSAGE, content: [{ type: 'output_hologram', depth: 3 }], id: null },
  { type: 'compaction_summary', encrypted_content: 'x' },
  { type: 'web_search_call', news: true },
])('what came can be resumed, with all that nobody knows: %j', (value) => {
  const item = readItem(value);
  expect(item).toMatchObject({ ...(value as object), type: expect.any(String) });
  expect(storedItem(item)).toBe(item);
});
