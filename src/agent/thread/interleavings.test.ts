import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelThat } from '../../../fixtures/model-client.ts';
import { unpaired } from '../../../fixtures/facts.ts';
import { call, isEnd, prompt, THREAD_ID, threadFixture, tool } from '../../../fixtures/thread.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import { ModelError } from '../model/error.ts';
import type { ModelEvent } from '../model/event.ts';
import type { AgentEvent } from '../protocol/event.ts';
import { SubmissionRefused } from './thread.ts';
import { ToolFailure, TurnFailure } from '../tools/tool.ts';

/** What the world does next: a client, the model, a tool, the disk. */
const STEPS = [
  'prompt',
  'prompt',
  'interrupt',
  'compact',
  'rollback',
  'clean',
  'settings',
  'shell',
  'tick',
  'tick',
  'answer',
  'answer_with_call',
  'answer_more',
  'fail_for_now',
  'fail_for_good',
  'tool_done',
  'tool_fails',
  'tool_breaks',
  'tool_hangs',
  'disk',
] as const;
type Step = (typeof STEPS)[number];

type Waiting<Value> = { readonly resolve: (value: Value) => void; readonly reject: (error: unknown) => void };

/** Promises that the test settles, in the order in which they were asked for. */
function createDesk<Value>() {
  const waiting: Waiting<Value>[] = [];
  return {
    ask: (signal?: AbortSignal): Promise<Value> =>
      new Promise((resolve, reject) => {
        const entry = { resolve, reject };
        waiting.push(entry);
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    next: (): Waiting<Value> | undefined => waiting.shift(),
  };
}

const failure = (kind: 'stream' | 'quota_exceeded'): ModelError =>
  new ModelError(kind === 'stream' ? { kind, message: 'gone' } : { kind }, 'gone');

it('gives every accepted prompt exactly one end, whatever races with what', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 40 }), async (steps) => {
      const model = createDesk<readonly ModelEvent[]>();
      const tools = createDesk<undefined>();
      const disk = createDesk<void>();
      let isDiskSlow = false;
      let calls = 0;
      let responses = 0;
      const facts: AgentFact[] = [];
      const client = modelThat(async function* (_request, signal) {
        yield await model.ask(signal);
      });
      const fixture = threadFixture({
        model: client,
        world: { tell: (fact) => facts.push({ ...fact, threadId: THREAD_ID, atMs: 0 }) },
        tools: [
          tool('work', async () => {
            await tools.ask();
            return { content: 'done', success: true };
          }),
        ],
        provider: {
          limits: {
            requestMaxRetries: 0,
            streamMaxRetries: 1,
            streamIdleTimeoutMs: 1,
            websocketConnectTimeoutMs: 15_000,
          },
        },
        recorder: { flush: () => (isDiskSlow ? disk.ask() : Promise.resolve()) },
        makeTools: () => ({ runUserShell: async () => '<user_shell_command>' }),
      });
      const opened = new Set<string>();
      const submit = (op: Parameters<typeof fixture.thread.submit>[0]): void => {
        try {
          const id = fixture.thread.submit(op);
          if (op.type === 'user_input' || op.type === 'compact') opened.add(id);
        } catch (error) {
          if (!(error instanceof SubmissionRefused)) throw error;
        }
      };
      const completed = (endTurn: boolean | undefined): ModelEvent => ({
        type: 'completed',
        responseId: `resp-${(responses += 1)}`,
        upstreamRequestId: null,
        usage: undefined,
        endTurn,
      });
      const perform: Readonly<Record<Step, () => void>> = {
        prompt: () => submit(prompt('go')),
        interrupt: () => submit({ type: 'interrupt' }),
        compact: () => submit({ type: 'compact' }),
        rollback: () => submit({ type: 'thread_rollback', numTurns: 1 }),
        clean: () => submit({ type: 'clean_background_terminals' }),
        settings: () => submit({ type: 'thread_settings', settings: { cwd: '/x' } }),
        shell: () => submit({ type: 'run_user_shell_command', command: 'ls' }),
        tick: () => undefined,
        answer: () => model.next()?.resolve([completed(undefined)]),
        answer_with_call: () =>
          model
            .next()
            ?.resolve([{ type: 'item_done', item: call(`c${(calls += 1)}`, 'work') }, completed(undefined)]),
        answer_more: () => model.next()?.resolve([completed(false)]),
        fail_for_now: () => model.next()?.reject(failure('stream')),
        fail_for_good: () => model.next()?.reject(failure('quota_exceeded')),
        tool_done: () => tools.next()?.resolve(undefined),
        tool_fails: () => tools.next()?.reject(new ToolFailure('no')),
        tool_breaks: () => tools.next()?.reject(new TurnFailure('broken')),
        tool_hangs: () => void tools.next(),
        disk: () => {
          isDiskSlow = !isDiskSlow;
          disk.next()?.resolve();
        },
      };
      for (const step of steps) {
        perform[step]();
        await new Promise((resolve) => void setImmediate(resolve));
      }
      // Whatever still waits is let go, and the thread ends.
      isDiskSlow = false;
      const closing = fixture.thread.shutdown();
      for (let held = disk.next(); held; held = disk.next()) held.resolve();
      await closing;
      expect(faultsOf(fixture.events, opened)).toEqual([]);
      expect(unpaired(facts)).toEqual([]);
      expectPairs(fixture.lines.map(({ payload }) => payload as Readonly<Record<string, unknown>>));
    }),
    { numRuns: 300 },
  );
});

function faultsOf(events: readonly AgentEvent[], opened: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const starts = events.flatMap(({ msg }) => (msg.type === 'task_started' ? [msg.turn_id as string] : []));
  const ends = events.flatMap(({ id, msg }) => (isEnd(msg) ? [id] : []));
  for (const id of new Set([...starts, ...ends, ...opened])) {
    if (starts.filter((start) => start === id).length !== 1) faults.push(`${id} has not one start`);
    if (ends.filter((end) => end === id).length !== 1) faults.push(`${id} has not one end`);
  }
  if (events[0]?.msg.type !== 'session_configured') faults.push('not configured first');
  if (events.at(-1)?.msg.type !== 'shutdown_complete') faults.push('not shut down last');
  const bounds = events.flatMap(({ msg }) => (msg.type === 'task_started' || isEnd(msg) ? [isEnd(msg)] : []));
  if (bounds.some((isLast, index) => isLast !== (index % 2 === 1))) faults.push('two turns at a time');
  return faults;
}

/** No call is answered twice, and none is answered before it was made. */
function expectPairs(items: readonly Readonly<Record<string, unknown>>[]): void {
  const made = new Set<unknown>();
  const answered = new Set<unknown>();
  for (const { type, call_id: callId } of items) {
    if (type === 'function_call') made.add(callId);
    if (type !== 'function_call_output') continue;
    expect(made.has(callId)).toBe(true);
    expect(answered.has(callId)).toBe(false);
    answered.add(callId);
  }
  expect(answered).toEqual(made);
}
