import { expect, test } from 'vitest';
import { capableModel, plainRequest } from '../../../../fixtures/model-request.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import { bodyText, compactBody, requestBody, serialiseItem } from './body.ts';

const FACTS = { installationId: 'install-1', windowId: 'thread-1:0', storesResponses: false };
const AZURE = { ...FACTS, storesResponses: true };
const KEEPS_IDS = { keepsIds: true };
const DROPS_IDS = { keepsIds: false };

test('a request is written in this shape and this order', () => {
  expect(bodyText(requestBody(plainRequest(), FACTS))).toMatchInlineSnapshot(
    `"{"model":"gpt-test","instructions":"Be brief.","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello"}]}],"tools":[],"tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"medium","summary":"auto"},"store":false,"stream":true,"include":["reasoning.encrypted_content"],"prompt_cache_key":"thread-1","client_metadata":{"x-codex-installation-id":"install-1","x-codex-window-id":"thread-1:0"}}"`,
  );
});

test('a request with everything is written in this shape and this order', () => {
  const request = plainRequest({
    effort: 'high',
    summary: 'detailed',
    verbosity: 'low',
    serviceTier: 'flex',
    outputSchema: { schema: { type: 'object' }, strict: true },
  });
  expect(JSON.stringify(requestBody({ ...request, input: [] }, FACTS))).toMatchInlineSnapshot(
    `"{"model":"gpt-test","instructions":"Be brief.","input":[],"tools":[],"tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"high","summary":"detailed"},"store":false,"stream":true,"include":["reasoning.encrypted_content"],"service_tier":"flex","prompt_cache_key":"thread-1","text":{"verbosity":"low","format":{"type":"json_schema","strict":true,"schema":{"type":"object"},"name":"codex_output_schema"}},"client_metadata":{"x-codex-installation-id":"install-1","x-codex-window-id":"thread-1:0"}}"`,
  );
});

test('reasoning is null where the model has none, and then nothing of it is included (trap 1)', () => {
  const model = { ...capableModel, supportsReasoningSummaries: false };
  const written = bodyText(requestBody(plainRequest({ model, effort: 'high' }), FACTS));
  expect(JSON.parse(written)).toMatchObject({ reasoning: null, include: [] });
});

test('what is unset is absent (trap 1)', () => {
  const written = bodyText(requestBody(plainRequest({ instructions: '' }), FACTS));
  expect(Object.keys(JSON.parse(written) as object)).toEqual([
    'model',
    'input',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'reasoning',
    'store',
    'stream',
    'include',
    'prompt_cache_key',
    'client_metadata',
  ]);
});

test.each([
  ['of the turn', plainRequest({ effort: 'low' }), { effort: 'low', summary: 'auto' }],
  ['of the model', plainRequest(), { effort: 'medium', summary: 'auto' }],
  [
    'that nobody knows',
    plainRequest({ model: { ...capableModel, defaultEffort: undefined } }),
    { summary: 'auto' },
  ],
  ['without a summary', plainRequest({ summary: 'none' }), { effort: 'medium' }],
  [
    'of responses-lite',
    plainRequest({ model: { ...capableModel, usesResponsesLite: true } }),
    { effort: 'medium', summary: 'auto', context: 'all_turns' },
  ],
])('reasoning with an effort %s', (_name, request, reasoning) => {
  expect(requestBody(request, FACTS).reasoning).toEqual(reasoning);
});

test.each([
  ['the model can and the prompt wants it', plainRequest(), true],
  ['the prompt does not', plainRequest({ parallelToolCalls: false }), false],
  ['the model cannot', plainRequest({ model: { ...capableModel, supportsParallelToolCalls: false } }), false],
  ['responses-lite', plainRequest({ model: { ...capableModel, usesResponsesLite: true } }), false],
])('parallel tool calls: %s', (_name, request, expected) => {
  expect(requestBody(request, FACTS).parallel_tool_calls).toBe(expected);
});

test.each([
  ['flex', 'flex'],
  ['default', undefined],
  ['unknown-to-the-model', undefined],
  [undefined, undefined],
])('the service tier %s is sent as %s', (serviceTier, sent) => {
  expect(requestBody(plainRequest({ serviceTier }), FACTS).service_tier).toBe(sent);
});

test('verbosity is not sent to a model that has none', () => {
  const model = { ...capableModel, supportsVerbosity: false };
  expect(requestBody(plainRequest({ model, verbosity: 'low' }), FACTS)).not.toHaveProperty('text');
});

const IDENTIFIED: readonly ResponseItem[] = [
  { type: 'reasoning', id: 'i', summary: [] },
  { type: 'message', id: 'i', role: 'assistant', content: [] },
  { type: 'web_search_call', id: 'i' },
  { type: 'function_call', id: 'i', name: 'f', arguments: '{}', call_id: 'c' },
  { type: 'tool_search_call', id: 'i', execution: 'client', arguments: {} },
  { type: 'local_shell_call', id: 'i', status: 'completed', action: {} },
  { type: 'custom_tool_call', id: 'i', call_id: 'c', name: 'f', input: '' },
];

test.each(IDENTIFIED)('the id of $type goes to who stores responses, and to nobody else', (item) => {
  expect(serialiseItem(item, DROPS_IDS)).not.toHaveProperty('id');
  expect(serialiseItem(item, KEEPS_IDS)).toBe(item);
  expect(serialiseItem({ ...item, id: '' }, KEEPS_IDS)).not.toHaveProperty('id');
});

test('an output has no id, and a generated image keeps its own', () => {
  const output: ResponseItem = { type: 'function_call_output', id: 'i', call_id: 'c', output: '' };
  expect(serialiseItem(output, KEEPS_IDS)).not.toHaveProperty('id');
  const image: ResponseItem = { type: 'image_generation_call', id: 'i', status: 'completed', result: 'AA==' };
  expect(serialiseItem(image, DROPS_IDS)).toBe(image);
});

test('Azure stores responses and gets ids', () => {
  const body = requestBody(plainRequest({ input: IDENTIFIED }), AZURE);
  const written = JSON.parse(bodyText(body)) as { store: boolean; input: { id?: string }[] };
  expect(written.store).toBe(true);
  expect(written.input.map(({ id }) => id)).toEqual(IDENTIFIED.map(() => 'i'));
});

test('the logical request keeps the ids that the written one has not (trap 4)', () => {
  const body = requestBody(plainRequest({ input: IDENTIFIED }), FACTS);
  expect(body.input).toBe(IDENTIFIED);
  expect(bodyText(body)).not.toContain('"id"');
});

test('what the shipping agent notes on its items in files stays in the files', () => {
  const noted: ResponseItem[] = [
    { type: 'message', role: 'user', content: [] },
    { type: 'image_generation_call', id: 'i', status: 'completed', result: 'AA==' },
  ];
  for (const item of noted) {
    const stored = { ...item, internal_chat_message_metadata_passthrough: { turn_id: 't' } };
    expect(serialiseItem(stored, DROPS_IDS)).toEqual(item);
  }
});

test('keys that nobody knows go back unchanged', () => {
  const item = {
    type: 'message',
    role: 'assistant',
    content: [],
    status: 'completed',
    new_key: [1],
  } as const;
  expect(serialiseItem(item, DROPS_IDS)).toEqual(item);
});

test('a compaction says less', () => {
  const request = plainRequest({ input: [IDENTIFIED[1] as ResponseItem], verbosity: 'high' });
  expect(JSON.stringify(compactBody(request))).toMatchInlineSnapshot(
    `"{"model":"gpt-test","input":[{"type":"message","role":"assistant","content":[]}],"instructions":"Be brief.","tools":[],"parallel_tool_calls":true,"reasoning":{"effort":"medium","summary":"auto"},"prompt_cache_key":"thread-1","text":{"verbosity":"high"}}"`,
  );
  const model = { ...capableModel, supportsReasoningSummaries: false };
  expect(compactBody({ ...request, model, instructions: '' })).not.toHaveProperty('reasoning');
});
