import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RolloutLine } from '../../../store/rollouts/line.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import { historyFrom } from './history-from.ts';

const user = (text: string): RolloutLine =>
  item({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const said = (text: string): RolloutLine =>
  item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
const item = (payload: ResponseItem): RolloutLine => ({ type: 'response_item', payload: { ...payload } });
const event = (payload: Readonly<Record<string, unknown>>): RolloutLine => ({ type: 'event_msg', payload });
const compacted = (payload: Readonly<Record<string, unknown>>): RolloutLine => ({
  type: 'compacted',
  payload,
});
const back = (turns: unknown): RolloutLine => event({ type: 'thread_rolled_back', num_turns: turns });

/** Texts of messages, and the types of everything else. */
const shown = (lines: readonly RolloutLine[]): string[] =>
  historyFrom(lines).items.map((one) =>
    one.type === 'message'
      ? one.content.map((part) => ('text' in part ? part.text : part.type)).join('')
      : one.type,
  );

const CONTEXT = user('<environment_context>\n</environment_context>');
const TWO_TURNS = [CONTEXT, user('one'), said('1'), user('two'), said('2')];

test.each<[string, readonly RolloutLine[], readonly string[]]>([
  [
    'items in their order',
    TWO_TURNS,
    ['<environment_context>\n</environment_context>', 'one', '1', 'two', '2'],
  ],
  ['a rollback drops the last prompt and all that follows', [...TWO_TURNS.slice(1), back(1)], ['one', '1']],
  [
    'a rollback by more turns than there are',
    [...TWO_TURNS, back(9)],
    ['<environment_context>\n</environment_context>'],
  ],
  ['a rollback by nothing', [...TWO_TURNS.slice(1), back(0), back('x')], ['one', '1', 'two', '2']],
  [
    'what came after a rollback stays',
    [...TWO_TURNS.slice(1), back(1), user('other')],
    ['one', '1', 'other'],
  ],
  [
    'a compaction replaces everything',
    [
      ...TWO_TURNS,
      compacted({ message: 's', replacement_history: [user('kept').payload, { type: 'ghost_snapshot' }] }),
      user('next'),
    ],
    ['kept', 'next'],
  ],
  [
    'an old compaction keeps what the user said',
    [...TWO_TURNS, compacted({ message: 'summary' })],
    ['one', 'two', 'summary'],
  ],
  [
    'a call without its output stays as it is',
    [item({ type: 'function_call', name: 'x', arguments: '{}', call_id: 'c' })],
    ['function_call'],
  ],
])('%s', (_name, lines, expected) => expect(shown(lines)).toEqual(expected));

test('the last context, the last usage, and whether a turn was under way', () => {
  const usage = (total: number): RolloutLine =>
    event({ type: 'token_count', info: { total_token_usage: { total_tokens: total } }, rate_limits: null });
  const lines = [
    event({ type: 'task_started' }),
    { type: 'turn_context', payload: { model: 'a' } } as const,
    usage(1),
    event({ type: 'task_complete' }),
    event({ type: 'task_started' }),
    { type: 'turn_context', payload: { model: 'b' } } as const,
    usage(2),
    event({ type: 'token_count', info: null, rate_limits: { limit_id: 'codex' } }),
  ];
  expect(historyFrom(lines)).toMatchObject({
    lastTurnContext: { model: 'b' },
    tokenUsage: { total_token_usage: { total_tokens: 2 } },
    isMidTurn: true,
  });
  expect(historyFrom([...lines, event({ type: 'turn_aborted' })]).isMidTurn).toBe(false);
});

test('whatever lines there are, they give a history', () => {
  const payload = fc.oneof(
    fc.dictionary(
      fc.constantFrom('type', 'role', 'content', 'num_turns', 'info', 'replacement_history', 'message'),
      fc.jsonValue(),
    ),
    fc.record({
      type: fc.constantFrom('thread_rolled_back', 'token_count', 'message'),
      num_turns: fc.jsonValue(),
      role: fc.constant('user'),
      content: fc.jsonValue(),
    }),
  );
  const line = fc.record({
    type: fc.constantFrom('turn_context', 'response_item', 'compacted', 'event_msg'),
    payload,
  });
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { items, tokenUsage } = historyFrom(lines);
      expect(items.every(({ type }) => typeof type === 'string')).toBe(true);
      expect(typeof (tokenUsage?.total_token_usage.total_tokens ?? 0)).toBe('number');
    }),
    { numRuns: 300 },
  );
});
