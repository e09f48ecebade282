import { describe, expect, test } from 'vitest';
import type { EventMsg } from '../../protocol/event.ts';
import { turnId } from '../../protocol/ids.ts';
import { createPending } from '../../thread/pending.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { createRequestUserInputTool } from './request-user-input.ts';
import type { QuestionAnswers } from './request-user-input.ts';

const QUESTION = {
  id: 'side',
  header: 'Side',
  question: 'Which side hurts?',
  options: [{ label: 'Left', description: 'Where the heart is.' }],
};

interface Bench {
  readonly mode?: 'default' | 'plan';
  readonly feature?: boolean;
  readonly isRoot?: boolean;
  /** Called when the question is shown. */
  readonly onShown?: (answer: (answers: QuestionAnswers) => void, withdraw: () => void) => void;
}

function ask(
  args: unknown,
  { mode = 'plan', feature = false, isRoot = true, onShown }: Bench = {},
): {
  readonly events: EventMsg[];
  readonly done: Promise<ToolResult>;
} {
  const events: EventMsg[] = [];
  const pending = createPending<QuestionAnswers>();
  const turn = new AbortController();
  const context: Pick<ToolContext, 'turnId' | 'signal' | 'isFeatureOn' | 'emit'> = {
    turnId: turnId('turn'),
    signal: turn.signal,
    isFeatureOn: (name) => feature && name === 'default_mode_request_user_input',
    emit: (msg) => {
      events.push(msg);
      onShown?.(
        (answers) => pending.answer('call', answers),
        () => turn.abort(),
      );
    },
  };
  const tool = createRequestUserInputTool({
    ask: ({ callId }, { signal }) => pending.ask(callId, signal),
    mode: () => mode,
    isRoot,
  });
  const payload = { kind: 'function', arguments: JSON.stringify(args) } as const;
  return { events, done: tool.handle({ callId: 'call', name: tool.name, payload }, context as ToolContext) };
}

test('shows the questions and gives the answers, also when they come at once', async () => {
  const { events, done } = ask(
    { questions: [{ ...QUESTION, isOther: false }] },
    { onShown: (answer) => answer({ side: ['Left', 'a little'] }) },
  );
  const value = { answers: { side: { answers: ['Left', 'a little'] } } };
  expect(await done).toEqual({ content: JSON.stringify(value), success: true, value });
  expect(events).toEqual([
    {
      type: 'request_user_input',
      call_id: 'call',
      turn_id: 'turn',
      questions: [{ ...QUESTION, isOther: true }],
    },
  ]);
});

test('a question that an interrupt withdraws has failed', async () => {
  const { done } = ask({ questions: [QUESTION] }, { onShown: (_answer, withdraw) => withdraw() });
  await expect(done).rejects.toThrow(/withdrawn/);
});

describe('where it may be used', () => {
  test.each([
    ['in Plan mode', { mode: 'plan' }],
    ['in Default mode with its feature', { mode: 'default', feature: true }],
  ] as const)('%s', async (_case, bench) => {
    const { done } = ask({ questions: [QUESTION] }, { ...bench, onShown: (answer) => answer({}) });
    expect(await done).toMatchObject({ content: '{"answers":{}}' });
  });

  test.each([
    ['in Default mode', { mode: 'default' }, /Plan mode only/],
    ['below the root', { isRoot: false }, /no user/],
  ] as const)('not %s', async (_case, bench, message) => {
    const { events, done } = ask({ questions: [QUESTION] }, bench);
    await expect(done).rejects.toThrow(message);
    expect(events).toEqual([]);
  });
});

test.each([
  ['no questions', { questions: [] }, /questions: /],
  ['no options', { questions: [{ ...QUESTION, options: [] }] }, /questions\.0\.options: /],
  ['options left out', { questions: [{ ...QUESTION, options: undefined }] }, /questions\.0\.options: /],
  [
    'an option without words',
    { questions: [{ ...QUESTION, options: [{ label: '' }] }] },
    /options\.0\.label/,
  ],
  ['one id twice', { questions: [QUESTION, QUESTION] }, /an id of its own/],
])('%s: nobody is asked', async (_case, args, message) => {
  const { events, done } = ask(args);
  await expect(done).rejects.toThrow(message);
  expect(events).toEqual([]);
});
