import { expect, it } from 'vitest';
import { isEnd } from '../../../fixtures/thread.ts';
import { agentAt } from '../../../fixtures/turn-faults/agent-at.ts';
import { turnOf, UNHURRIED } from '../../../fixtures/turn-faults/play.ts';
import { summaryOf } from '../../../fixtures/turn-faults/told.ts';
import { completed, created, functionCall, message } from '../../testing/responses/events.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';
import type { Step } from '../../testing/responses/script.ts';

const begun: Step = [created('r'), message('half'), { end: 'stay' }];
const calling: Step = [created('r'), functionCall('exec_command', { cmd: 'sleep 60' }), completed('r')];
const moments = [
  ['before the answer', { unanswered: 'stay' }],
  ['in the middle of an answer', begun],
  ['while a command runs', calling],
] as const;

it.concurrent.for(
  (['http', 'websocket'] as const).flatMap((over) => moments.map(([when, step]) => ({ over, when, step }))),
)(
  '$over: an agent that is closed $when ends the turn, and another goes on',
  UNHURRIED,
  async ({ over, step }) => {
    await using server = await startResponsesServer({
      responses: [step, [created('r2'), message('there'), completed('r2')]],
    });
    await using place = agentAt(server.baseUrl, over);
    const thread = await place.agent.startThread();
    const cut = turnOf(thread, 'go');
    const asked = (): number => server.requests.filter(({ body }) => body['generate'] !== false).length;
    await server.until(() => asked() === 1);
    await place.agent.close();
    const { messages } = await cut;
    expect(messages.filter(isEnd)).toEqual([messages.at(-1)]);
    expect(summaryOf(messages)).toEqual(['aborted interrupted']);
    await server.until(() => server.openConnections === 0);

    const other = place.another();
    const resumed = await other.resumeThread(thread.id);
    const next = await turnOf(resumed, 'and now?');
    expect(summaryOf(next.messages)).toEqual(['done there']);
    expect(JSON.stringify(server.requests.at(-1)?.body['input'])).toContain('"go"');
    await other.close();
    await server.until(() => server.openConnections === 0);
  },
);
