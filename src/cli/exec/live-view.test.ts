import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import type { EventMsg } from '../../agent/protocol/event.ts';
import { createLiveView } from './live-view.ts';

const FACTS = { version: '1.2.3', provider: 'lab', approval: 'never', sandbox: 'read-only' };
const view = () => createLiveView(FACTS, new Chalk({ level: 0 }));

/** Events with the parts that the view reads. */
const event = (msg: { readonly type: EventMsg['type'] } & Readonly<Record<string, unknown>>): EventMsg =>
  msg as unknown as EventMsg;
const shown = (...events: readonly EventMsg[]): string => {
  const { accept } = view();
  return events.map(accept).join('');
};

const message = (text: string): EventMsg => event({ type: 'agent_message', message: text });
const commandEnd = (facts: object): EventMsg =>
  event({
    type: 'exec_command_end',
    status: 'completed',
    exit_code: 0,
    duration_ms: 1_234,
    aggregated_output: '',
    ...facts,
  });

test.each<[string, EventMsg, string]>([
  ['a prompt', event({ type: 'user_message', message: 'listen' }), 'prompt\nlisten\n\n'],
  [
    'a long prompt',
    event({ type: 'user_message', message: 'y\n'.repeat(100) }),
    `prompt\n${'y\n'.repeat(20)}… 160 characters more\n\n`,
  ],
  ['a thought', event({ type: 'agent_reasoning', text: 'hm' }), 'thinking\nhm\n\n'],
  [
    'a command',
    event({ type: 'exec_command_begin', command: ['ls', 'a b'], cwd: '/x', source: 'agent' }),
    "$ ls 'a b' in /x\n",
  ],
  [
    'what is typed into a command',
    event({ type: 'exec_command_begin', command: ['x'], cwd: '/x', source: 'unified_exec_interaction' }),
    '',
  ],
  ['its end', commandEnd({ aggregated_output: 'hi\n' }), '  exit code 0 after 1.2 s\n  hi\n\n'],
  ['its end without a word', commandEnd({ exit_code: 3 }), '  exit code 3 after 1.2 s\n\n'],
  ['one that was declined', commandEnd({ status: 'declined' }), '  not run: declined\n\n'],
  [
    'a patch',
    event({
      type: 'patch_apply_end',
      success: true,
      changes: [
        { kind: 'add', path: 'a' },
        { kind: 'update', path: 'b' },
        { kind: 'delete', path: 'c' },
      ],
    }),
    'changed files\n  A a\n  M b\n  D c\n\n',
  ],
  [
    'a patch that does not fit',
    event({ type: 'patch_apply_end', success: false, stderr: 'no\nmore', changes: [] }),
    'no patch: no\n\n',
  ],
  [
    'a tool',
    event({ type: 'mcp_tool_call_begin', invocation: { server: 's', tool: 't', arguments: {} } }),
    'tool s.t\n',
  ],
  ['a tool that answered', event({ type: 'mcp_tool_call_end', result: { Ok: {} } }), 'answered\n\n'],
  [
    'a tool that says it failed',
    event({ type: 'mcp_tool_call_end', result: { Ok: { isError: true } } }),
    'the tool says that it failed\n\n',
  ],
  ['a tool that failed', event({ type: 'mcp_tool_call_end', result: { Err: 'gone' } }), 'failed: gone\n\n'],
  [
    'a plan',
    event({
      type: 'plan_update',
      plan: [
        { status: 'completed', step: 'a' },
        { status: 'in_progress', step: 'b' },
        { status: 'pending', step: 'c' },
      ],
    }),
    'plan\n  [x] a\n  [~] b\n  [ ] c\n\n',
  ],
  ['a search', event({ type: 'web_search_end', query: 'q' }), 'searched q\n\n'],
  ['a picture', event({ type: 'view_image_tool_call', path: 'p.png' }), 'looked at p.png\n\n'],
  ['a warning', event({ type: 'warning', message: 'careful' }), 'warning: careful\n\n'],
  ['what is retired', event({ type: 'deprecation_notice', summary: 'old' }), 'deprecated: old\n\n'],
  [
    'another model',
    event({ type: 'model_reroute', from_model: 'a', to_model: 'b' }),
    'b answers instead of a\n\n',
  ],
  [
    'another try',
    event({ type: 'stream_error', message: 'lost', details: 'reset' }),
    'again: lost: reset\n\n',
  ],
  ['an error', event({ type: 'error', message: 'no' }), 'error: no\n\n'],
  ['an interrupt', event({ type: 'turn_aborted', reason: 'interrupted' }), 'the turn was interrupted\n\n'],
  ['what is only counted', event({ type: 'token_count' }), ''],
])('%s', (_name, msg, text) => expect(shown(msg)).toBe(text));

test('the head says with what the work is done', () => {
  expect(shown(event({ type: 'session_configured', cwd: '/x', model: 'm', thread_id: 'id' }))).toBe(
    'stethos 1.2.3\nworkdir: /x\nmodel: m\nprovider: lab\napproval: never\nsandbox: read-only\nthread: id\n\n',
  );
});

test('of a long output the end is shown, and how much stood before it', () => {
  const lines = Array.from({ length: 1_513 }, (_, number) => `line ${number}`);
  const text = shown(commandEnd({ aggregated_output: `${lines.join('\n')}\n` }));
  expect(text).toContain('… 1,501 lines before\n  line 1501\n');
  expect(text).toContain('  line 1512\n\n');
});

test('a message is shown once another thing follows: the last one is for standard output', () => {
  expect(shown(message('one'))).toBe('');
  expect(shown(message('one'), message('two'))).toBe('agent\none\n\n');
  expect(shown(message('one'), event({ type: 'token_count' }), event({ type: 'error', message: 'no' }))).toBe(
    'agent\none\n\nerror: no\n\n',
  );
});

const HOSTILE = '\u001B]0;x\u0007\u202E';
test.each<[string, EventMsg]>([
  ['message', message(HOSTILE)],
  ['command', event({ type: 'exec_command_begin', command: [HOSTILE], cwd: HOSTILE, source: 'agent' })],
  ['output', commandEnd({ aggregated_output: HOSTILE })],
  ['path', event({ type: 'patch_apply_end', success: true, changes: [{ kind: 'add', path: HOSTILE }] })],
  ['step', event({ type: 'plan_update', plan: [{ status: 'pending', step: HOSTILE }] })],
  ['error', event({ type: 'error', message: HOSTILE })],
])('a %s cannot steer the terminal', (_name, msg) => {
  const text = shown(msg, event({ type: 'error', message: 'end' }));
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(text).not.toMatch(/[\u0007\u001B\u202E]/);
  expect(text).toMatch(/\\u202e|\\xe2\\x80\\xae/);
});
