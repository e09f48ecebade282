import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { call, isEnd, prompt, shown } from '../../fixtures/thread.ts';
import { createAgent } from './create-agent.ts';
import { createScriptedModel } from './model/scripted/model.ts';
import type { ScriptedModel } from './model/scripted/model.ts';
import { scriptedProvider } from './model/scripted/provider.ts';
import type { ScriptedOutput } from './model/scripted/script.ts';
import type { ReviewDecision } from './policy/policy.ts';
import type { EventMsg } from './protocol/event.ts';
import type { AgentFact } from '../telemetry/facts/fact.ts';

/** A thread whose first response makes a call that somebody has to agree to; every question gets the same answer. */
async function answering(
  decision: ReviewDecision,
  asking: (cwd: string) => ScriptedOutput,
): Promise<{
  readonly told: readonly EventMsg[];
  readonly facts: readonly AgentFact[];
  readonly model: ScriptedModel;
  readonly cwd: string;
}> {
  const facts: AgentFact[] = [];
  const cwd = mkdtempSync(join(tmpdir(), 'stethos-approvals-'));
  const model = createScriptedModel({ responses: [{ output: [asking(cwd)] }, { output: ['on it'] }] });
  const agent = createAgent({
    home: join(cwd, 'home'),
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, SHELL: '/bin/bash' },
    overrides: {
      set: ['sandbox_mode="read-only"', 'approval_policy="on-request"'],
      enable: [],
      disable: [],
    },
    provider: { provider: scriptedProvider(), createClient: () => model },
    observer: { observe: (fact) => facts.push(fact) },
  });
  onTestFinished(async () => {
    await agent.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  const thread = await agent.startThread({ isEphemeral: true });
  const told: EventMsg[] = [];
  const events = thread.events();
  thread.submit(prompt('go'));
  for await (const { msg } of events) {
    told.push(msg);
    if (msg.type === 'exec_approval_request')
      thread.submit({ type: 'exec_approval', id: msg.call_id, decision });
    if (msg.type === 'apply_patch_approval_request')
      thread.submit({ type: 'patch_approval', id: msg.call_id, decision });
    if (!isEnd(msg)) continue;
    // Whatever the first turn still had to say comes before the end of a second one.
    if (told.filter(isEnd).length > 1) break;
    thread.submit(prompt('and now?'));
  }
  return { told, facts, model, cwd };
}

const command = (cwd: string): ScriptedOutput =>
  call('c1', 'exec_command', {
    cmd: `touch ${join(cwd, 'made')}`,
    sandbox_permissions: 'require_escalated',
    justification: 'May I make a file?',
  });
const patch = (): ScriptedOutput => ({
  type: 'custom_tool_call',
  call_id: 'c1',
  name: 'apply_patch',
  input: '*** Begin Patch\n*** Add File: made\n+x\n*** End Patch',
});

it.each([
  ['command', command],
  ['patch', patch],
])('a %s that is answered by abort does not run, and its turn is interrupted once', async (_what, asking) => {
  const { told, model, cwd } = await answering({ kind: 'abort' }, asking);
  expect(told.filter(isEnd)).toMatchObject([
    { type: 'turn_aborted', reason: 'interrupted' },
    { type: 'task_complete', last_agent_message: 'on it' },
  ]);
  expect(existsSync(join(cwd, 'made'))).toBe(false);
  // The next turn's model knows of the call and of the interrupt.
  const known = shown(model.requests[1]?.input ?? []);
  expect(known.filter((line) => line.startsWith('c1 ->'))).toHaveLength(1);
  expect(known.filter((line) => line.includes('<turn_aborted>'))).toHaveLength(1);
});

it('a command that is refused alone leaves the turn to the model', async () => {
  const { told, model, cwd } = await answering({ kind: 'denied' }, command);
  expect(told.filter(isEnd)[0]).toMatchObject({ type: 'task_complete', last_agent_message: 'on it' });
  expect(shown(model.requests[1]?.input ?? []).join('\n')).toContain('refused by the user');
  expect(existsSync(join(cwd, 'made'))).toBe(false);
});

it('a command that is agreed to runs where it asked to run', async () => {
  const { told, cwd } = await answering({ kind: 'approved' }, command);
  expect(told.map(({ type }) => type)).toContain('exec_command_end');
  expect(existsSync(join(cwd, 'made'))).toBe(true);
});

it.each([
  ['command', command, { kind: 'approved' }, 'approved'],
  ['command', command, { kind: 'approved_for_session' }, 'approved_for_session'],
  ['command', command, { kind: 'denied' }, 'denied'],
  ['command', command, { kind: 'abort' }, 'abort'],
  ['patch', patch, { kind: 'approved' }, 'approved'],
  ['patch', patch, { kind: 'abort' }, 'abort'],
] as const)('who let a %s run is a fact: the user', async (_what, asking, answer, decision) => {
  const { facts } = await answering(answer, asking);
  const decisions = facts.filter(({ type }) => type === 'tool_decision');
  expect(decisions).toMatchObject([{ callId: 'c1', decision, source: 'User' }]);
});
