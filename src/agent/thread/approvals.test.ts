import { expect, it } from 'vitest';
import { call, isEnd, prompt, threadFixture, tool } from '../../../fixtures/thread.ts';
import type { ThreadFixture } from '../../../fixtures/thread.ts';
import type { ApprovalRequest, Approver } from '../policy/approver.ts';
import type { ToolContext } from '../tools/tool.ts';

type Question = Pick<ApprovalRequest, 'callId' | 'turnId'>;

/** A thread whose tool asks something, and says what it was answered. */
function asking(request: (question: Question) => ApprovalRequest): ThreadFixture {
  let approver: Approver | undefined;
  const ask = async ({ turnId, signal }: ToolContext): Promise<string> =>
    (await approver?.review(request({ callId: 'c1', turnId }), signal))?.kind ?? 'nobody was asked';
  return threadFixture({
    responses: [{ output: [call('c1', 'ask')] }, { output: ['on it'] }],
    makeTools: ({ requests }) => {
      ({ approver } = requests);
      return {};
    },
    tools: [tool('ask', async (_call, context) => ({ content: await ask(context), success: true }))],
  });
}

const command = (question: Question): ApprovalRequest => ({
  kind: 'command',
  command: ['git', 'push'],
  cwd: '/work',
  ...question,
});
const mcpTool = (question: Question): ApprovalRequest => ({
  kind: 'mcp_tool',
  server: 'files',
  tool: 'delete',
  message: 'Let it?',
  ...question,
});

it('a command that is answered by abort interrupts its turn', async () => {
  const fixture = asking(command);
  fixture.thread.submit(prompt('push'));
  const request = await fixture.until('exec_approval_request');
  expect(request.available_decisions).toEqual(['approved', 'abort']);
  fixture.thread.submit({ type: 'exec_approval', id: request.call_id, decision: { kind: 'abort' } });
  expect(await fixture.until('turn_aborted')).toMatchObject({ reason: 'interrupted' });
});

it.each([
  ['cancel', 'turn_aborted'],
  ['decline', 'task_complete'],
  ['accept', 'task_complete'],
] as const)('an MCP tool that is answered by %s ends in %s', async (action, end) => {
  const fixture = asking(mcpTool);
  fixture.thread.submit(prompt('delete it'));
  const { id } = await fixture.until('elicitation_request');
  fixture.thread.submit({ type: 'resolve_elicitation', id, action });
  await fixture.until(end);
  expect(fixture.messages.filter(isEnd)).toHaveLength(1);
});

it('what a server wants to know may be left unanswered without an end to the turn', async () => {
  let answered: unknown;
  const fixture = threadFixture({
    responses: [{ output: [call('c1', 'ask')] }, { output: ['on it'] }],
    makeTools: ({ requests, emit }) => {
      ask = async (signal) => {
        const answer = requests.elicitations.ask('e1', signal);
        emit({
          type: 'elicitation_request',
          id: 'e1',
          server: 'files',
          message: 'Your name?',
          requested_schema: {},
        });
        answered = await answer;
      };
      return {};
    },
    tools: [
      tool('ask', async (_call, { signal }) => {
        await ask?.(signal);
        return { content: '', success: true };
      }),
    ],
  });
  fixture.thread.submit(prompt('go'));
  const { id } = await fixture.until('elicitation_request');
  fixture.thread.submit({ type: 'resolve_elicitation', id, action: 'cancel' });
  expect(await fixture.until('task_complete')).toMatchObject({ last_agent_message: 'on it' });
  expect(answered).toMatchObject({ action: 'cancel' });
});

it('an answer that comes too late ends nothing', async () => {
  const fixture = threadFixture({ responses: [{ output: ['done'] }] });
  await fixture.say('go');
  fixture.thread.submit({ type: 'exec_approval', id: 'c1', decision: { kind: 'abort' } });
  expect(fixture.messages.filter(isEnd)).toMatchObject([{ type: 'task_complete' }]);
});

it('nor does one to a question of an earlier turn, whatever runs now', async () => {
  const fixture = asking(command);
  fixture.thread.submit(prompt('push'));
  const { call_id: id } = await fixture.until('exec_approval_request');
  fixture.thread.submit({ type: 'interrupt' });
  await fixture.until('turn_aborted');
  fixture.thread.submit(prompt('something else'));
  fixture.thread.submit({ type: 'exec_approval', id, decision: { kind: 'abort' } });
  fixture.thread.submit({ type: 'patch_approval', id, decision: { kind: 'abort' } });
  expect(await fixture.until('task_complete')).toMatchObject({ last_agent_message: 'on it' });
});

let ask: ((signal: AbortSignal) => Promise<void>) | undefined;
