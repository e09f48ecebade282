import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import type { EventMsg } from '../protocol/event.ts';
import { sessionId, threadId, turnId } from '../protocol/ids.ts';
import type { FileChange } from '../protocol/turn-item.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { ApprovalRequest } from './approver.ts';
import { createGuard } from './create-guard.ts';
import type { CommandRequest, Guard } from './guard.ts';
import type { ApprovalPolicy, ReviewDecision, SandboxPolicy } from './policy.ts';
import { parseRules } from './rules/parse.ts';
import { createRuleStore } from './rules/store.ts';

const WORKSPACE: SandboxPolicy = {
  type: 'workspace-write',
  writable_roots: [],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};
const FREE: SandboxPolicy = { type: 'danger-full-access' };

function setUp({ rules = '', answers = [] }: { rules?: string; answers?: readonly ReviewDecision[] } = {}) {
  const home = temporaryHome();
  const cwd = join(home, 'project');
  mkdirSync(cwd);
  const parsed = parseRules(rules);
  if (parsed.kind === 'faulty') throw new Error(parsed.fault.message);
  const asked: ApprovalRequest[] = [];
  const events: EventMsg[] = [];
  const left = [...answers];
  const guard = createGuard({
    rules: createRuleStore({ rules: parsed.rules, home }),
    approver: {
      review: async (request) => {
        asked.push(request);
        const answer = left.shift();
        if (!answer) throw new Error('nobody was expected to be asked');
        return answer;
      },
    },
    env: {},
  });
  const context = (
    approvalPolicy: ApprovalPolicy,
    sandboxPolicy: SandboxPolicy = WORKSPACE,
  ): ToolContext => ({
    threadId: threadId('thread'),
    sessionId: sessionId('session'),
    turnId: turnId('turn'),
    model: { slug: 'm' } as unknown as ToolContext['model'],
    cwd,
    approvalPolicy,
    sandboxPolicy,
    isFeatureOn: () => false,
    turnMetadata: () => ({}),
    emit: (msg) => events.push(msg),
    signal: new AbortController().signal,
  });
  const command = (script: string, more: Partial<CommandRequest> = {}): CommandRequest => ({
    callId: 'call',
    argv: ['/bin/bash', '-lc', script],
    cwd,
    wantsEscalation: false,
    ...more,
  });
  return { home, cwd, guard, asked, events, context, command };
}

test('a command that needs no question runs in its sandbox, one that a rule allows without', async () => {
  const { guard, context, command } = setUp({ rules: 'prefix_rule(["make"])' });
  expect(await guard.permitCommand(command('touch x'), context('on-request'))).toEqual({
    kind: 'run',
    sandbox: WORKSPACE,
    wasAsked: false,
  });
  expect(await guard.permitCommand(command('make x'), context('never'))).toEqual({
    kind: 'run',
    sandbox: FREE,
    wasAsked: false,
  });
});

test.each<[ReviewDecision, string]>([
  [{ kind: 'approved' }, 'run'],
  [{ kind: 'approved_for_session' }, 'run'],
  [{ kind: 'denied' }, 'refused'],
  [{ kind: 'timed_out' }, 'refused'],
  [{ kind: 'abort' }, 'aborted'],
  [{ kind: 'network_policy_amendment', host: 'x', action: 'allow' }, 'refused'],
])('the answer %j (row 37, trap 5): %s', async (answer, kind) => {
  const { guard, asked, context, command, cwd } = setUp({
    rules: 'prefix_rule(["git", "push"], "prompt", justification="public")',
    answers: [answer],
  });
  const permission = await guard.permitCommand(command('git push'), context('on-request'));
  expect(permission).toMatchObject(kind === 'run' ? { kind, sandbox: WORKSPACE, wasAsked: true } : { kind });
  expect(asked).toEqual([
    {
      kind: 'command',
      callId: 'call',
      turnId: 'turn',
      command: ['/bin/bash', '-lc', 'git push'],
      cwd,
      reason: 'A rule wants `git push` to be approved: public',
    },
  ]);
});

test('an approved rule is in the file once, and neither this thread nor another asks again (row 39)', async () => {
  const { guard, home, asked, context, command } = setUp({
    answers: [{ kind: 'approved_execpolicy_amendment', amendment: { prefix: ['make', 'test'] } }],
  });
  const child = { ...context('untrusted'), threadId: threadId('child') };
  expect(await guard.permitCommand(command('make test'), child)).toEqual({
    kind: 'run',
    sandbox: FREE,
    wasAsked: true,
  });
  expect(asked).toMatchObject([{ amendment: { prefix: ['make', 'test'] } }]);
  expect(await guard.permitCommand(command('make test'), context('untrusted'))).toEqual({
    kind: 'run',
    sandbox: FREE,
    wasAsked: false,
  });
  expect(readFileSync(join(home, 'rules/default.rules'), 'utf8')).toBe(
    'prefix_rule(pattern=["make", "test"], decision="allow")\n',
  );
});

test('a rule that cannot be written holds for the session, with a warning', async () => {
  const { guard, home, events, context, command } = setUp({
    answers: [{ kind: 'approved_execpolicy_amendment', amendment: { prefix: ['make'] } }],
  });
  mkdirSync(join(home, 'rules/default.rules'), { recursive: true });
  expect(await guard.permitCommand(command('make x'), context('untrusted'))).toMatchObject({ kind: 'run' });
  expect(events).toMatchObject([{ type: 'warning', message: expect.stringContaining('EISDIR') }]);
  expect(await guard.permitCommand(command('make y'), context('untrusted'))).toMatchObject({ sandbox: FREE });
});

test('approved for the session: the same words in the same folder, with the same rights', async () => {
  const { guard, asked, context, command, home } = setUp({
    answers: [{ kind: 'approved_for_session' }, { kind: 'denied' }, { kind: 'denied' }, { kind: 'denied' }],
  });
  const permit = (request: CommandRequest, policy: ApprovalPolicy = 'untrusted') =>
    guard.permitCommand(request, context(policy));
  expect(await permit(command('touch x'))).toMatchObject({ kind: 'run' });
  expect(await permit(command('touch x'))).toEqual({ kind: 'run', sandbox: WORKSPACE, wasAsked: true });
  expect(asked).toHaveLength(1);
  expect(await permit(command('touch y'))).toMatchObject({ kind: 'refused' });
  expect(await permit(command('touch x', { cwd: home }))).toMatchObject({ kind: 'refused' });
  const escalated = command('touch x', { wantsEscalation: true });
  expect(await permit(escalated, 'on-request')).toMatchObject({ kind: 'refused' });
});

test('escalation: granted without the sandbox on request, refused in words under other policies', async () => {
  const { guard, asked, context, command } = setUp({ answers: [{ kind: 'approved' }] });
  const request = command('curl x', { wantsEscalation: true, justification: 'needs the network' });
  expect(await guard.permitCommand(request, context('on-request'))).toEqual({
    kind: 'run',
    sandbox: FREE,
    wasAsked: true,
  });
  expect(asked).toMatchObject([{ reason: 'needs the network', amendment: { prefix: ['curl', 'x'] } }]);
  for (const policy of ['never', 'untrusted', 'on-failure'] as const)
    expect(await guard.permitCommand(request, context(policy))).toMatchObject({ kind: 'refused' });
});

test('after the sandbox stopped a command: asked where the policy has it, otherwise the model is told', async () => {
  const { guard, asked, context, command } = setUp({
    answers: [{ kind: 'approved_for_session' }, { kind: 'abort' }],
  });
  const again = (script: string, policy: ApprovalPolicy) =>
    guard.permitWithoutSandbox(command(script), context(policy));
  expect(await again('touch /x', 'on-failure')).toEqual({ kind: 'run', sandbox: FREE, wasAsked: true });
  expect(await again('touch /x', 'on-failure')).toMatchObject({ kind: 'run' });
  expect(await again('touch /y', 'untrusted')).toMatchObject({ kind: 'aborted' });
  expect(asked).toHaveLength(2);
  for (const policy of ['never', 'on-request'] as const)
    expect(await again('touch /z', policy)).toMatchObject({ kind: 'refused' });
});

test.each<[ApprovalPolicy, SandboxPolicy, 'inside' | 'outside' | 'moved' | 'none', string]>([
  ['never', WORKSPACE, 'none', 'refused'],
  ['untrusted', WORKSPACE, 'inside', 'asked'],
  ['untrusted', FREE, 'inside', 'asked'],
  ['on-request', WORKSPACE, 'inside', 'run'],
  ['on-failure', WORKSPACE, 'inside', 'run'],
  ['never', WORKSPACE, 'inside', 'run'],
  ['on-request', WORKSPACE, 'outside', 'asked'],
  ['on-request', WORKSPACE, 'moved', 'asked'],
  ['on-failure', WORKSPACE, 'outside', 'asked'],
  ['never', WORKSPACE, 'outside', 'refused'],
  ['never', WORKSPACE, 'moved', 'refused'],
  ['never', { type: 'read-only' }, 'inside', 'refused'],
  ['never', FREE, 'outside', 'run'],
  [
    { granular: { sandbox_approval: false, rules: true, mcp_elicitations: true } },
    WORKSPACE,
    'outside',
    'refused',
  ],
])('a patch under %j and %j, %s (row 26): %s', async (policy, sandbox, where, expected) => {
  const { guard, asked, context, cwd, home } = setUp({ answers: [{ kind: 'approved' }] });
  const [inside, outside] = [join(cwd, 'a'), join(home, 'a')];
  const changes: FileChange[] =
    where === 'none'
      ? []
      : [
          {
            path: where === 'outside' ? outside : inside,
            kind: 'update',
            diff: '',
            ...(where === 'moved' && { movedTo: outside }),
          },
        ];
  const permission = await guard.permitPatch({ callId: 'call', changes }, context(policy, sandbox));
  expect(permission).toMatchObject(
    expected === 'refused' ? { kind: 'refused' } : { kind: 'run', sandbox, wasAsked: expected === 'asked' },
  );
  expect(asked).toHaveLength(expected === 'asked' ? 1 : 0);
});

test('files that were approved for the session are not asked about again', async () => {
  const { guard, asked, context, cwd } = setUp({
    answers: [{ kind: 'approved_for_session' }, { kind: 'denied' }],
  });
  const permit = (...names: string[]) =>
    guard.permitPatch(
      { callId: 'c', changes: names.map((name) => ({ path: join(cwd, name), kind: 'update', diff: '' })) },
      context('untrusted'),
    );
  expect(await permit('a', 'b')).toMatchObject({ kind: 'run' });
  expect(await permit('b')).toMatchObject({ kind: 'run' });
  expect(await permit('b', 'c')).toMatchObject({ kind: 'refused' });
  expect(asked).toHaveLength(2);
});

type McpCall = Parameters<Guard['permitMcpTool']>[0];
const mcpCall = (annotations: McpCall['annotations'] = {}, mode?: string): McpCall => ({
  callId: 'call',
  server: 'docs',
  tool: 'search',
  annotations,
  mode,
});

test.each<[McpCall['annotations'], string | undefined, ApprovalPolicy, SandboxPolicy, string]>([
  [{}, undefined, 'on-request', WORKSPACE, 'asked'],
  [{ readOnlyHint: true }, undefined, 'on-request', WORKSPACE, 'run'],
  [{ readOnlyHint: true, destructiveHint: true }, undefined, 'on-request', WORKSPACE, 'asked'],
  [{ destructiveHint: false }, 'auto', 'on-request', WORKSPACE, 'asked'],
  [{ destructiveHint: false, openWorldHint: false }, 'auto', 'on-request', WORKSPACE, 'run'],
  [{ openWorldHint: false }, 'auto', 'on-request', WORKSPACE, 'asked'],
  [{ readOnlyHint: true }, 'prompt', 'on-request', WORKSPACE, 'asked'],
  [{ destructiveHint: true }, 'approve', 'untrusted', WORKSPACE, 'run'],
  [{ destructiveHint: true }, undefined, 'never', FREE, 'run'],
  [{ destructiveHint: true }, 'prompt', 'never', FREE, 'run'],
  [{ destructiveHint: true }, undefined, 'never', WORKSPACE, 'refused'],
  [{ readOnlyHint: true }, undefined, 'never', WORKSPACE, 'run'],
  [
    {},
    undefined,
    { granular: { sandbox_approval: true, rules: true, mcp_elicitations: false } },
    WORKSPACE,
    'refused',
  ],
])(
  'an MCP tool with %j, mode %s, under %j and %j: %s',
  async (annotations, mode, policy, sandbox, expected) => {
    const { guard, asked, context } = setUp({ answers: [{ kind: 'approved' }] });
    const permission = await guard.permitMcpTool(mcpCall(annotations, mode), context(policy, sandbox));
    expect(permission).toMatchObject(
      expected === 'refused' ? { kind: 'refused' } : { kind: 'run', wasAsked: expected === 'asked' },
    );
    expect(asked).toHaveLength(expected === 'asked' ? 1 : 0);
  },
);

test('an MCP tool is remembered, unless it is to be asked about each time; denied and cancelled differ', async () => {
  const { guard, asked, context } = setUp({
    answers: [
      { kind: 'approved_for_session' },
      { kind: 'approved_for_session' },
      { kind: 'denied' },
      { kind: 'abort' },
    ],
  });
  const permit = (call: McpCall) => guard.permitMcpTool(call, context('on-request'));
  expect(await permit(mcpCall())).toMatchObject({ kind: 'run' });
  expect(await permit(mcpCall())).toMatchObject({ kind: 'run' });
  expect(asked).toHaveLength(1);
  expect(await permit(mcpCall({}, 'prompt'))).toMatchObject({ kind: 'run' });
  expect(await permit({ ...mcpCall(), server: 'other' })).toMatchObject({ kind: 'refused' });
  expect(await permit({ ...mcpCall(), tool: 'delete' })).toMatchObject({ kind: 'aborted' });
});
