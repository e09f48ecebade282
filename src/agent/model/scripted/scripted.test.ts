import { expect, test } from 'vitest';
import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelRequest } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import { createScriptedModel } from './model.ts';
import type { ScriptedModel } from './model.ts';
import { scriptedProvider } from './provider.ts';
import { readScript, ScriptError } from './read-script.ts';

const user = (text: string): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const toolOutput = (output: string): ResponseItem => ({
  type: 'function_call_output',
  call_id: 'call_1',
  output,
});

const asking = (...input: ResponseItem[]): ModelRequest => ({
  model: scriptedProvider().modelInfo('scripted'),
  instructions: '',
  input,
  tools: [],
  parallelToolCalls: false,
  effort: undefined,
  summary: 'none',
  verbosity: undefined,
  serviceTier: undefined,
  outputSchema: undefined,
  promptCacheKey: 'thread',
  turnMetadata: undefined,
});

async function ask(model: ScriptedModel, ...input: ResponseItem[]): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const { signal } = new AbortController();
  for await (const batch of model.startTurn().stream(asking(...input), signal)) events.push(...batch);
  return events;
}

const texts = (events: readonly ModelEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'text_delta' ? [event.delta] : []));

test('a message comes begun, in its pieces, done and completed', async () => {
  const usage = {
    input_tokens: 5,
    cached_input_tokens: 0,
    output_tokens: 2,
    reasoning_output_tokens: 0,
    total_tokens: 7,
  };
  const model = createScriptedModel({ responses: [{ output: [['Good ', 'day.']], usage, endTurn: true }] });
  const done = {
    type: 'message',
    id: 'msg_1_0',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Good day.' }],
  };
  expect(await ask(model, user('hello'))).toEqual([
    { type: 'created' },
    { type: 'item_added', item: { ...done, content: [] } },
    { type: 'text_delta', delta: 'Good ' },
    { type: 'text_delta', delta: 'day.' },
    { type: 'item_done', item: done },
    { type: 'completed', responseId: 'resp_1', upstreamRequestId: null, usage, endTurn: true },
  ]);
  expect(model.requests).toEqual([asking(user('hello'))]);
});

test('responses are taken in order, and by what was asked or what a tool said last', async () => {
  const model = createScriptedModel({
    responses: [
      { when: { toolOutput: 'no such file' }, output: ['It is not there.'] },
      { when: { userText: 'list' }, output: ['Two files.'] },
      { output: ['First.'] },
      { output: ['Anything.'], repeat: true },
    ],
  });
  expect(texts(await ask(model, user('hello')))).toEqual(['First.']);
  expect(texts(await ask(model, user('list them')))).toEqual(['Two files.']);
  expect(texts(await ask(model, user('list them')))).toEqual(['Anything.']);
  expect(model.unused()).toEqual([0]);
  expect(texts(await ask(model, user('read'), toolOutput('no such file: x')))).toEqual(['It is not there.']);
  // An output that was answered by a new prompt is no longer the last word.
  expect(texts(await ask(model, toolOutput('no such file: x'), user('more')))).toEqual(['Anything.']);
  expect(model.unused()).toEqual([]);
});

test('a failure ends the response after its output', async () => {
  const model = createScriptedModel({
    responses: [{ output: ['Half'], fails: { kind: 'server_overloaded', message: 'Too busy.' } }],
  });
  const seen: string[] = [];
  const { signal } = new AbortController();
  const asked = (async () => {
    for await (const batch of model.startTurn().stream(asking(user('go')), signal))
      seen.push(...texts(batch));
  })();
  await expect(asked).rejects.toMatchObject({ failure: { kind: 'server_overloaded' }, message: 'Too busy.' });
  expect(seen).toEqual(['Half']);
});

test('a request that the script does not know ends as fatal, and says which', async () => {
  const model = createScriptedModel({ responses: [{ when: { userText: 'a' }, output: [] }] });
  await expect(ask(model, user('xyz'))).rejects.toMatchObject({
    failure: { kind: 'fatal' },
    message: expect.stringContaining('"xyz"') as string,
  });
});

test('an abort ends a response that has not begun', async () => {
  const model = createScriptedModel({ responses: [{ delayMs: 60_000, output: ['late'] }] });
  const controller = new AbortController();
  const stream = model.startTurn().stream(asking(user('go')), controller.signal);
  const asked = stream[Symbol.asyncIterator]().next();
  controller.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});

test('a script in a file may spell arguments as an object and leave call ids out', async () => {
  const script = await readScript(
    JSON.stringify({
      responses: [
        { output: [{ type: 'function_call', name: 'exec_command', arguments: { cmd: 'ls' } }] },
        {
          when: { toolOutput: 'x' },
          output: ['Done.', ['in ', 'pieces']],
          fails: { kind: 'stream', message: 'gone' },
        },
      ],
    }),
  );
  expect(script.responses[0]).toEqual({
    output: [{ type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}', call_id: 'call_1_1' }],
  });
  expect(script.responses[1]).toEqual({
    when: { toolOutput: 'x' },
    output: ['Done.', ['in ', 'pieces']],
    fails: { kind: 'stream', message: 'gone' },
  });
});

test.each([
  ['{', /no JSON/],
  ['[]', /^The script: /],
  ['{"responses":{}}', /^responses: /],
  ['{"responses":[{"output":"text"}]}', /^responses\[0\]\.output: /],
  ['{"responses":[{},{"outptu":[]}]}', /^responses\[1\]: .*outptu/],
  [
    '{"responses":[{"output":["a",{"type":"function_call","arguments":"{}"}]}]}',
    /^responses\[0\]\.output\[1\]\.name: /,
  ],
  [
    '{"responses":[{"usage":{"input_tokens":-1,"output_tokens":0,"total_tokens":0}}]}',
    /\.usage\.input_tokens: /,
  ],
  ['{"responses":[{"fails":{"kind":"bored"}}]}', /^responses\[0\]\.fails\.kind: /],
])('the script %s is refused with its place', async (text, problem) => {
  await expect(readScript(text)).rejects.toThrow(ScriptError);
  await expect(readScript(text)).rejects.toThrow(problem);
});
