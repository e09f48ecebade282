import { expect, test } from 'vitest';
import { threadId } from '../../../fixtures/rollouts.ts';
import type { RolloutLine, SessionMeta } from '../rollouts/line.ts';
import { createThreadRowBuilder } from './thread-row.ts';
import type { ThreadRow } from './thread-row.ts';

const META: SessionMeta = {
  id: threadId(1),
  timestamp: '2026-11-20T07:41:40.297Z',
  cwd: '/work',
  originator: 'stethos_exec',
  cli_version: '0.1.0',
  source: 'exec',
  model_provider: 'scripted',
  git: { branch: 'main' },
};
const meta = (more: Partial<SessionMeta> = {}): RolloutLine => ({
  type: 'session_meta',
  payload: { ...META, ...more },
});
const event = (payload: Readonly<Record<string, unknown>>): RolloutLine => ({ type: 'event_msg', payload });
const said = (message: string, more: object = {}): RolloutLine =>
  event({ type: 'user_message', message, ...more });
const context = (payload: Readonly<Record<string, unknown>>): RolloutLine => ({
  type: 'turn_context',
  payload,
});
const tokens = (total: unknown): RolloutLine =>
  event({ type: 'token_count', info: { total_token_usage: { total_tokens: total } } });

test.each<[string, readonly RolloutLine[], Partial<ThreadRow>]>([
  [
    'metadata',
    [meta()],
    {
      id: threadId(1),
      created_at_ms: Date.UTC(2026, 10, 20, 7, 41, 40, 297),
      git_branch: 'main',
      source: 'exec',
      title: '',
    },
  ],
  [
    'the first metadata holds, for a fork copies its parent',
    [meta(), meta({ id: threadId(2), source: 'cli' })],
    { id: threadId(1), source: 'exec' },
  ],
  [
    'a structured source is compact JSON',
    [meta({ source: { subagent: { other: 'x' } } })],
    { source: '{"subagent":{"other":"x"}}' },
  ],
  ['no source', [meta({ source: undefined })], { source: 'vscode' }],
  [
    'a turn context; the folder of the metadata stays',
    [
      meta(),
      context({
        cwd: '/other',
        model: 'm',
        effort: 'low',
        approval_policy: 'never',
        sandbox_policy: { type: 'read-only' },
      }),
    ],
    {
      cwd: '/work',
      model: 'm',
      reasoning_effort: 'low',
      approval_mode: 'never',
      sandbox_policy: '{"type":"read-only"}',
    },
  ],
  [
    'a permission profile wins',
    [meta(), context({ permission_profile: { type: 'disabled' }, sandbox_policy: {} })],
    { sandbox_policy: '{"type":"disabled"}' },
  ],
  [
    'the folder of the first turn, where there is no other',
    [meta({ cwd: '' }), context({ cwd: '/a' }), context({ cwd: '/b' })],
    { cwd: '/a' },
  ],
  ['the last count of tokens, never below nothing', [meta(), tokens(7), tokens(-3)], { tokens_used: 0 }],
  [
    'the first words of the user',
    [meta(), said(' hello '), said('more')],
    { title: 'hello', first_user_message: 'hello', preview: 'hello' },
  ],
  [
    'what an editor puts in front is left out',
    [meta(), said('# Context\n## My request for Codex:\nfix it')],
    { title: 'fix it' },
  ],
  [
    'a picture is no title',
    [meta(), said('', { images: ['data:'] }), said('look')],
    { title: 'look', preview: '[Image]', first_user_message: '[Image]' },
  ],
  [
    'a paginated file tells the words in an item',
    [
      meta(),
      event({
        type: 'item_completed',
        item: { type: 'UserMessage', content: [{ type: 'text', text: 'hi' }] },
      }),
    ],
    { title: 'hi' },
  ],
  [
    'a goal is a preview',
    [meta(), event({ type: 'thread_goal_updated', goal: { objective: 'calm' } })],
    { preview: 'calm', title: '' },
  ],
  [
    'response items are no words of the user',
    [meta(), { type: 'response_item', payload: { type: 'message', role: 'user', content: [{ text: 'x' }] } }],
    { preview: '' },
  ],
])('%s', (_name, lines, expected) => {
  const builder = createThreadRowBuilder('/rollout.jsonl');
  for (const line of lines) builder.take(line);
  expect(builder.row(5)).toMatchObject({ rollout_path: '/rollout.jsonl', updated_at_ms: 5, ...expected });
});

test('without metadata there is no row', () => {
  const builder = createThreadRowBuilder('/rollout.jsonl');
  builder.take(said('hello'));
  expect(builder.row(5)).toBeUndefined();
});
