import { describe, expect, it } from 'vitest';
import { call, tool } from '../../../fixtures/thread.ts';
import { scriptedProvider } from '../model/scripted/provider.ts';
import { sessionId, threadId, turnId } from '../protocol/ids.ts';
import type { ToolCallItem } from '../protocol/item.ts';
import { createToolRegistry } from './registry.ts';
import { createToolRouter } from './router.ts';
import type { ToolRouter } from './router.ts';
import { ToolFailure, TurnFailure } from './tool.ts';
import type { Tool, ToolContext } from './tool.ts';

const abort = (): AbortController => new AbortController();

function routerWith(
  tools: readonly Tool[],
  { signal = abort().signal, elapsed = (): number => 0, recorded = [] as string[], limit = 10_000 } = {},
): ToolRouter {
  const context: ToolContext = {
    threadId: threadId('thread'),
    sessionId: sessionId('thread'),
    turnId: turnId('turn'),
    model: scriptedProvider().modelInfo('scripted-1'),
    cwd: '/work',
    approvalPolicy: 'never',
    sandboxPolicy: { type: 'danger-full-access' },
    isFeatureOn: () => false,
    turnMetadata: () => ({}),
    emit: () => undefined,
    signal,
  };
  return createToolRouter({
    registry: createToolRegistry({ tools }),
    context,
    truncation: { mode: 'bytes', limit },
    clock: { now: () => 0, elapsed },
    record: async ({ type }) => {
      await new Promise((resolve) => void setImmediate(resolve));
      recorded.push(type);
    },
  });
}

const outcome = async (router: ToolRouter, item: ToolCallItem) => (await router.begin(item)).outcome;
const ok: Tool['handle'] = async () => ({ content: '', success: true });
const throwing =
  (error: Error): Tool['handle'] =>
  async () => {
    throw error;
  };
const made = (name: string): ToolCallItem => call('c1', name) as ToolCallItem;
const output = (text: string): object => ({
  output: { type: 'function_call_output', call_id: 'c1', output: text },
});

describe('the router', () => {
  it('answers a call to a tool that is not there with its name', async () => {
    const settled = await outcome(routerWith([]), made('teleport'));
    expect(settled.output).toMatchObject({ output: expect.stringContaining('teleport') as string });
    expect(settled).not.toHaveProperty('fatal');
  });

  it('tells the model of a failure, and goes on', async () => {
    const failing = tool('fail', throwing(new ToolFailure('no such file')));
    expect(await outcome(routerWith([failing]), made('fail'))).toEqual(output('no such file'));
  });

  it.each([new TurnFailure('out of luck'), new TypeError('a bug')])(
    'ends the turn with %s, and still answers',
    async (error) => {
      const failing = tool('fail', throwing(error));
      const settled = await outcome(routerWith([failing]), made('fail'));
      expect(settled).toEqual({ ...output(`fail failed: ${error.message}`), fatal: error });
    },
  );

  it('records a call before it runs', async () => {
    const recorded: string[] = [];
    const seen: string[][] = [];
    const look = tool('look', async () => {
      seen.push([...recorded]);
      return { content: 'ok', success: true };
    });
    await outcome(routerWith([look], { recorded }), made('look'));
    expect(seen).toEqual([['function_call']]);
  });

  it.each([
    ['exec_command', 'Wall time: 2.5 seconds\naborted by user'],
    ['look', 'aborted by user after 2.5s'],
  ])('answers %s at once when it is aborted, with the seconds', async (name, text) => {
    const controller = abort();
    let now = 0;
    const hang = tool(name, () => new Promise(() => undefined));
    const router = routerWith([hang], { signal: controller.signal, elapsed: () => now });
    const { outcome: settled } = await router.begin(made(name));
    now = 2500;
    controller.abort();
    expect(await settled).toEqual(output(text));
  });

  it('names a tenth of a second at least', async () => {
    const controller = abort();
    controller.abort();
    const never = tool('look', throwing(new Error('ran')));
    const router = routerWith([never], { signal: controller.signal });
    expect(await outcome(router, made('look'))).toEqual(output('aborted by user after 0.1s'));
  });

  it('cuts what is too long at 1.2 times the policy', async () => {
    const long = tool('long', async () => ({ content: 'x'.repeat(121), success: true }));
    const fits = tool('fits', async () => ({ content: 'x'.repeat(120), success: true }));
    const router = routerWith([long, fits], { limit: 100 });
    expect((await outcome(router, made('long'))).output).toMatchObject({
      output: expect.stringContaining('truncated') as string,
    });
    expect(await outcome(router, made('fits'))).toEqual(output('x'.repeat(120)));
  });

  it('lets the model know of a search that failed, which its output has no words for', async () => {
    const search = tool('tool_search', throwing(new ToolFailure('the query is empty')));
    const settled = await outcome(routerWith([search]), {
      type: 'tool_search_call',
      call_id: 'c1',
      execution: 'client',
      arguments: {},
    });
    expect(settled.output).toMatchObject({ type: 'tool_search_output', status: 'incomplete', tools: [] });
    expect(settled.note).toMatchObject({
      role: 'developer',
      content: [{ text: 'tool_search failed: the query is empty' }],
    });
  });

  it('answers custom calls and searches in their own shape', async () => {
    const patch = tool('apply_patch', async () => ({ content: 'done', success: true }));
    const search = tool('tool_search', async () => ({
      content: '',
      success: true,
      tools: [{ type: 'web_search', external_web_access: true }],
    }));
    const router = routerWith([patch, search]);
    const custom: ToolCallItem = { type: 'custom_tool_call', call_id: 'p', name: 'apply_patch', input: '…' };
    expect((await outcome(router, custom)).output).toEqual({
      type: 'custom_tool_call_output',
      call_id: 'p',
      output: 'done',
    });
    const asked: ToolCallItem = {
      type: 'tool_search_call',
      call_id: 's',
      execution: 'client',
      arguments: {},
    };
    expect((await outcome(router, asked)).output).toEqual({
      type: 'tool_search_output',
      call_id: 's',
      status: 'completed',
      execution: 'client',
      tools: [{ type: 'web_search', external_web_access: true }],
    });
  });

  it('does not begin a call that still waited for its turn when the interrupt came', async () => {
    const controller = abort();
    let ran = 0;
    const release = Promise.withResolvers<void>();
    const first = tool('first', async () => {
      await release.promise;
      return { content: '', success: true };
    });
    const second = tool('second', async () => {
      ran += 1;
      return { content: '', success: true };
    });
    const router = routerWith([first, second], { signal: controller.signal });
    const calls = [await router.begin(made('first')), await router.begin(made('second'))];
    controller.abort();
    release.resolve();
    await Promise.all(calls.map((begun) => begun.outcome));
    await new Promise((resolve) => void setImmediate(resolve));
    expect(ran).toBe(0);
  });

  it('lets parallel calls run together, and every other call alone', async () => {
    const log: string[] = [];
    const releases: (() => void)[] = [];
    const handle =
      (name: string): Tool['handle'] =>
      async () => {
        log.push(`+${name}`);
        await new Promise<void>((resolve) => void releases.push(resolve));
        log.push(`-${name}`);
        return { content: '', success: true };
      };
    const parallel = true;
    const router = routerWith([
      tool('a', handle('a'), parallel),
      tool('b', handle('b'), parallel),
      tool('x', handle('x')),
      tool('c', handle('c'), parallel),
    ]);
    const all = await Promise.all(['a', 'b', 'x', 'c'].map((name) => router.begin(made(name))));
    const release = async (): Promise<void> => {
      releases.shift()?.();
      await new Promise((resolve) => void setImmediate(resolve));
    };
    for (let calls = 0; calls < 4; calls += 1) await release();
    await Promise.all(all.map((begun) => begun.outcome));
    expect(log).toEqual(['+a', '+b', '-a', '-b', '+x', '-x', '+c', '-c']);
  });
});

describe('the registry', () => {
  it('puts the tools of a namespace together, hides what has no spec, and refuses two of one name', () => {
    const a = { ...tool('a', ok), namespace: 'n' };
    const b = { ...tool('b', ok), namespace: 'n' };
    const hidden = { ...tool('hidden', ok), spec: undefined };
    const registry = createToolRegistry({
      tools: [a, tool('plain', ok), b, hidden],
      hosted: [{ type: 'image_generation', output_format: 'png' }],
    });
    expect(registry.specs.map((spec) => ('name' in spec ? spec.name : spec.type))).toEqual([
      'n',
      'plain',
      'image_generation',
    ]);
    expect(registry.find({ name: 'hidden' })).toBe(hidden);
    expect(registry.find({ name: 'a' })).toBeUndefined();
    expect(registry.find({ name: 'a', namespace: 'n' })).toBe(a);
    expect(() => createToolRegistry({ tools: [b, b] })).toThrow('named b');
  });
});
