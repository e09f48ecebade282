import { expect, test } from 'vitest';
import type { RolloutLine, SessionMeta } from '../../../store/rollouts/line.ts';
import { forkLines } from './fork-lines.ts';
import type { ForkPoint } from './fork-lines.ts';
import { historyFrom } from './history-from.ts';

const META_PAYLOAD: SessionMeta = {
  id: 'p',
  timestamp: '',
  cwd: '',
  originator: '',
  cli_version: '',
  source: '',
  model_provider: '',
};
const META: RolloutLine = { type: 'session_meta', payload: META_PAYLOAD };
const prompt = (text: string): RolloutLine => ({
  type: 'response_item',
  payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const event = (type: string): RolloutLine => ({ type: 'event_msg', payload: { type } });
const turn = (text: string): RolloutLine[] => [event('task_started'), prompt(text), event('task_complete')];

const LINES = [
  META,
  ...turn('one'),
  event('task_started'),
  prompt('two'),
  prompt('steered'),
  event('task_complete'),
];
const fork = (lines: readonly RolloutLine[], point: ForkPoint): readonly RolloutLine[] =>
  forkLines(
    {
      path: '',
      bytes: 0,
      meta: META_PAYLOAD,
      lines,
      history: historyFrom(lines),
      badLines: 0,
      nextOrdinal: undefined,
    },
    point,
  );

test.each<[string, ForkPoint, readonly RolloutLine[]]>([
  ['everything', { kind: 'end' }, LINES],
  ['before the first prompt', { kind: 'before_prompt', index: 0 }, LINES.slice(0, 1)],
  ['before the second, with the turn that it opens', { kind: 'before_prompt', index: 1 }, LINES.slice(0, 4)],
  ['before one that was steered into a turn', { kind: 'before_prompt', index: 2 }, LINES.slice(0, 6)],
  ['before a prompt that never was', { kind: 'before_prompt', index: 3 }, LINES],
])('a fork copies %s', (_name, point, expected) => expect(fork(LINES, point)).toEqual(expected));

test('a turn that is under way counts as interrupted in the fork', () => {
  const open = [...LINES, event('task_started'), prompt('three')];
  const copied = fork(open, { kind: 'end' });
  expect(copied.slice(0, -1)).toEqual(open);
  expect(JSON.stringify(copied.at(-1))).toContain('<turn_aborted>');
  expect(fork(open, { kind: 'before_prompt', index: 3 })).toEqual(LINES);
});
