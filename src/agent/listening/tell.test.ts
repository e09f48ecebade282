import { expect, it } from 'vitest';
import { unpaired, withTexts } from '../../../fixtures/facts.ts';
import { turn } from '../../../fixtures/thread-events.ts';
import { agentAt } from '../../../fixtures/turn-faults/agent-at.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import { completed, created, functionCall, message } from '../../testing/responses/events.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';

it('tells of a command who let it run, and its terminal; of a thread, where it begins', async () => {
  await using server = await startResponsesServer({
    responses: [
      [created('r1'), functionCall('exec_command', { cmd: 'echo hi' }), completed('r1')],
      [created('r2'), message('done'), completed('r2')],
    ],
  });
  const facts: AgentFact[] = [];
  await using place = agentAt(server.baseUrl, 'http', { observer: { observe: (fact) => facts.push(fact) } });
  const thread = await place.agent.startThread();
  await turn(thread, 'go');
  await place.agent.close();
  const told = (type: AgentFact['type']) => facts.filter((fact) => fact.type === type).map(withTexts);
  expect(told('thread_started')).toMatchObject([
    {
      threadId: thread.id,
      how: 'started',
      source: 'exec',
      isGit: false,
      provider: { id: 'lab', name: 'Lab', host: '127.0.0.1' },
      authMode: 'ApiKey',
      authEnvironment: { providerKeyName: 'configured', providerKeyPresent: true, codexApiKeyEnabled: true },
      sandboxPolicy: 'danger-full-access',
    },
  ]);
  expect(told('tool_decision')).toMatchObject([
    { tool: 'exec_command', decision: 'approved', source: 'Config' },
  ]);
  expect(told('terminal_started')).toMatchObject([{ cwd: place.home, isTerminal: false }]);
  expect(told('terminal_ended')).toMatchObject([{ exitCode: 0, status: 'completed', output: 'hi\n' }]);
  expect(told('tool_ended')).toMatchObject([{ tool: 'exec_command', success: true }]);
  expect(told('attempt')).toHaveLength(2);
  expect(told('inference_ended')).toMatchObject([{ responseId: 'r1' }, { responseId: 'r2' }]);
  expect(unpaired(facts)).toEqual([]);
});
