import { describe, expect, test } from 'vitest';
import type { EventMsg } from '../../protocol/event.ts';
import { turnId } from '../../protocol/ids.ts';
import { createPending } from '../../thread/pending.ts';
import { createToolRegistry } from '../registry.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { readDynamicTools } from './definitions.ts';
import type { DefinitionsRead } from './definitions.ts';
import { createDynamicTool } from './tool.ts';
import type { DynamicToolAnswer } from './tool.ts';

const TOOL = { name: 'listen', description: 'Listens.', inputSchema: { type: 'object', properties: {} } };
const DEFINITION = { ...TOOL, exposeToContext: true };

const read = (...tools: unknown[]): Promise<DefinitionsRead> =>
  readDynamicTools(tools, new Set(['exec_command', 'wait']));

describe('what a client may bring', () => {
  test.each([
    ['a tool', TOOL, DEFINITION],
    ['one that is hidden', { ...TOOL, exposeToContext: false }, { ...TOOL, exposeToContext: false }],
    [
      'one that is hidden in the older words',
      { ...TOOL, namespace: 'ear', deferLoading: true },
      { ...TOOL, namespace: 'ear', exposeToContext: false },
    ],
    ['one that is not', { ...TOOL, namespace: null, deferLoading: false }, DEFINITION],
    [
      'the newer word wins',
      { ...TOOL, namespace: 'ear', deferLoading: true, exposeToContext: true },
      { ...DEFINITION, namespace: 'ear' },
    ],
    [
      'a core name in a namespace',
      { ...TOOL, namespace: 'ear', name: 'wait' },
      { ...DEFINITION, namespace: 'ear', name: 'wait' },
    ],
  ])('%s', async (_case, tool, definition) => {
    expect(await read(tool)).toEqual({ kind: 'valid', definitions: [definition] });
  });

  test('trap 17: what is stored for resume reads back the same', async () => {
    const first = await read({ ...TOOL, namespace: 'ear', deferLoading: true }, TOOL);
    const stored: unknown = first.kind === 'valid' ? JSON.parse(JSON.stringify(first.definitions)) : [];
    expect(await readDynamicTools(stored, new Set())).toEqual(first);
  });

  test.each([
    ['a name of the core', [{ ...TOOL, name: 'exec_command' }], /"exec_command": the name is reserved/],
    ['a namespace of the core', [{ ...TOOL, namespace: 'wait' }], /"wait\.listen": the name is reserved/],
    ['a name of MCP', [{ ...TOOL, name: 'mcp__a__b' }], /reserved/],
    ['a name twice', [TOOL, TOOL], /"listen": the name is taken twice/],
    [
      'a name twice in a namespace',
      [
        { ...TOOL, namespace: 'ear' },
        { ...TOOL, namespace: 'ear' },
      ],
      /twice/,
    ],
    ['deferLoading without a namespace', [{ ...TOOL, deferLoading: true }], /needs a namespace/],
    ['a name that the API refuses', [{ ...TOOL, name: 'a b' }], /0\.name: letters/],
    ['no name', [{ ...TOOL, name: '' }], /0\.name/],
    ['no schema', [{ ...TOOL, inputSchema: 'object' }], /0\.inputSchema/],
  ])('not %s', async (_case, tools, message) => {
    expect(await read(...tools)).toEqual({
      kind: 'invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  test('no list at all', async () => {
    expect(await readDynamicTools('tools', new Set())).toMatchObject({ kind: 'invalid' });
  });
});

function call(
  args: string,
  settle: (answer: (answer: DynamicToolAnswer) => void, withdraw: () => void) => void,
): { readonly events: EventMsg[]; readonly done: Promise<ToolResult> } {
  const events: EventMsg[] = [];
  const pending = createPending<DynamicToolAnswer>();
  const turn = new AbortController();
  const context: Pick<ToolContext, 'turnId' | 'signal' | 'emit'> = {
    turnId: turnId('turn'),
    signal: turn.signal,
    emit: (msg) => {
      events.push(msg);
      if (msg.type === 'dynamic_tool_call_request')
        settle(
          (answer) => pending.answer('call', answer),
          () => turn.abort(),
        );
    },
  };
  const tool = createDynamicTool(
    { ...DEFINITION, namespace: 'ear' },
    { request: ({ callId }, { signal }) => pending.ask(callId, signal) },
  );
  const payload = { kind: 'function', arguments: args } as const;
  const done = tool.handle(
    { callId: 'call', name: 'listen', namespace: 'ear', payload },
    context as ToolContext,
  );
  return { events, done };
}

describe('a call', () => {
  test('goes to the client, and the answer to the model', async () => {
    const { events, done } = call('{"where":"left"}', (answer) =>
      answer({
        success: true,
        contentItems: [
          { type: 'inputText', text: 'a murmur' },
          { type: 'inputImage', imageUrl: 'data:image/png;base64,AA==' },
        ],
      }),
    );
    expect(await done).toEqual({
      content: [
        { type: 'input_text', text: 'a murmur' },
        { type: 'input_image', image_url: 'data:image/png;base64,AA==' },
      ],
      success: true,
    });
    const common = { call_id: 'call', turn_id: 'turn', tool: 'listen' };
    expect(events).toEqual([
      { type: 'dynamic_tool_call_request', ...common, namespace: 'ear', arguments: { where: 'left' } },
      { type: 'dynamic_tool_call_response', ...common, success: true },
    ]);
  });

  test('a failure of the client stays one', async () => {
    const { done } = call('', (answer) => answer({ success: false, contentItems: [] }));
    expect(await done).toEqual({ content: [], success: false });
  });

  test('cancelled is failed, and told', async () => {
    const { events, done } = call('{}', (_answer, withdraw) => withdraw());
    await expect(done).rejects.toThrow(/cancelled/);
    expect(events.at(-1)).toMatchObject({ type: 'dynamic_tool_call_response', success: false });
  });

  test.each(['[]', '"x"', '{'])('arguments that are no object do not reach the client: %s', async (args) => {
    const { events, done } = call(args, () => undefined);
    await expect(done).rejects.toMatchObject({ name: 'ToolFailure' });
    expect(events).toEqual([]);
  });
});

test('row 30: a hidden tool is absent from requests, and can be called', () => {
  const tool = createDynamicTool(
    { ...DEFINITION, exposeToContext: false },
    { request: () => Promise.resolve(undefined) },
  );
  const registry = createToolRegistry({ tools: [tool] });
  expect([registry.specs, registry.find({ name: 'listen' })]).toEqual([[], tool]);
});
