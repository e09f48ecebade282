import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { isEnd, prompt } from '../../fixtures/thread.ts';
import { turn } from '../../fixtures/thread-events.ts';
import { agentAt, LAB_KEY } from '../../fixtures/turn-faults/agent-at.ts';
import type { Wire } from '../../fixtures/turn-faults/agent-at.ts';
import { completed, created, functionCall, message } from '../testing/responses/events.ts';
import { startResponsesServer } from '../testing/responses-server.ts';
import type { ResponsesServer } from '../testing/responses-server.ts';
import type { ServerScript } from '../testing/responses/script.ts';
import { logDatabasePath } from '../store/logs/store.ts';
import type { EventMsg } from './protocol/event.ts';
import type { AgentThread } from './thread/thread.ts';

async function threadOver(
  wire: Wire,
  script: ServerScript,
): Promise<{
  readonly thread: AgentThread;
  readonly server: ResponsesServer;
  /** Ends the agent, and gives what the log says of the thread then. */
  readonly logged: () => Promise<readonly string[]>;
}> {
  const server = await startResponsesServer(script);
  const place = agentAt(server.baseUrl, wire, {
    limits: { request_max_retries: 4, stream_max_retries: 2 },
    overrides: { set: [], enable: ['memories'], disable: [] },
  });
  const { agent, home } = place;
  onTestFinished(async () => {
    await place[Symbol.asyncDispose]();
    await server.close();
  });
  const thread = await agent.startThread();
  const logged = async (): Promise<readonly string[]> => {
    await agent.close();
    const database = new Database(logDatabasePath(home), { readonly: true });
    const rows = database
      .prepare(
        "SELECT level, feedback_log_body AS body FROM logs WHERE thread_id = ? AND target <> 'feedback_tags' ORDER BY id",
      )
      .all(thread.id) as { readonly level: string; readonly body: string }[];
    database.close();
    return rows.map(({ level, body }) => `${level} ${body}`);
  };
  return { server, thread, logged };
}

const plan = functionCall('update_plan', { plan: [{ step: 'look', status: 'pending' }] });

it.each(['http', 'websocket'] as const)('takes a turn with a tool over %s', async (wire) => {
  const { thread, server } = await threadOver(wire, {
    responses: [
      [created('r1'), plan, completed('r1')],
      [created('r2'), message(['do', 'ne']), completed('r2')],
      [created('r3'), message('again'), completed('r3')],
    ],
  });
  expect((await turn(thread, 'go')).at(-1)).toMatchObject({
    type: 'task_complete',
    last_agent_message: 'done',
  });
  expect((await turn(thread, 'more')).at(-1)).toMatchObject({ last_agent_message: 'again' });
  const asked = server.requests.filter(({ body }) => body['generate'] !== false);
  expect(asked.map(({ transport }) => transport)).toEqual([wire, wire, wire]);
  expect(new Set(asked.map(({ body }) => JSON.stringify(body['tools']))).size).toBe(1);
  expect(asked[0]?.headers['authorization']).toBe(`Bearer ${LAB_KEY}`);
  expect(asked[0]?.headers['x-codex-beta-features']).toBe('memories,terminal_resize_reflow');
});

it('sends over a WebSocket only what the server does not know yet', async () => {
  const { thread, server } = await threadOver('websocket', {
    responses: [
      [created('r1'), plan, completed('r1')],
      [created('r2'), message('done'), completed('r2')],
      [created('r3'), message('again'), completed('r3')],
    ],
  });
  await turn(thread, 'go');
  await turn(thread, 'more');
  const asked = server.requests.filter(({ body }) => body['generate'] !== false);
  expect(asked.map(({ body }) => body['previous_response_id'])).toEqual([
    expect.stringContaining('warm'),
    'r1',
    'r2',
  ]);
  expect(asked[1]?.body['input']).toEqual([expect.objectContaining({ type: 'function_call_output' })]);
  expect(asked[2]?.body['input']).toEqual([expect.objectContaining({ type: 'message', role: 'user' })]);
  expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
});

it.each(['http', 'websocket'] as const)(
  'asks again over %s when the stream breaks behind a call',
  async (wire) => {
    const { thread, server } = await threadOver(wire, {
      responses: [
        // The pause lets the call leave before the connection ends.
        [created('r1'), plan, { pauseMs: 50 }, { end: 'drop' }],
        [created('r2'), message('done'), completed('r2')],
      ],
    });
    const told = await turn(thread, 'go');
    expect(told.at(-1)).toMatchObject({ type: 'task_complete', last_agent_message: 'done' });
    // The call that came before the break has run, and its output goes with the second request.
    expect(told.map(({ type }) => type)).toContain('plan_update');
    expect(JSON.stringify(server.requests.at(-1)?.body['input'])).toContain('function_call_output');
  },
);

it('falls back to HTTP when the upgrade is refused for good', async () => {
  const { thread, server } = await threadOver('websocket', {
    upgrades: [{ status: 426 }],
    responses: [[created('r1'), message('done'), completed('r1')]],
  });
  expect((await turn(thread, 'go')).at(-1)).toMatchObject({ last_agent_message: 'done' });
  expect(server.requests.map(({ transport }) => transport)).toEqual(['http']);
});

it('leaves a log that tells what happened, and no secret', async () => {
  const { thread, logged } = await threadOver('http', {
    responses: [
      { status: 500, headers: { 'x-request-id': 'request-1' }, body: `${LAB_KEY} is not liked` },
      [created('r1'), { end: 'drop' }],
      [created('r2'), message('done'), completed('r2')],
    ],
  });
  await turn(thread, 'go');
  const lines = await logged();
  const span = `session{thread_id=${thread.id}}:`;
  expect(lines).toEqual([
    expect.stringMatching(/WARN .* model request .*status_code=500 .*request_id="request-1"/),
    expect.stringMatching(/INFO .* model request .*attempt=1 .*status_code=200/),
    expect.stringMatching(/WARN .*turn\.id=.* a stream broke and is asked for again/),
    expect.stringMatching(/INFO .* model request .*status_code=200/),
    expect.stringMatching(/INFO .*turn\.id=.* turn ended end=completed .*requests=2 retries=1/),
  ]);
  for (const line of lines) expect(line).toContain(span);
  expect(lines.join('\n')).not.toContain(LAB_KEY);
});

it('ends a turn in the middle of an answer that does not come', async () => {
  const { thread, server } = await threadOver('http', { responses: [[created('r1'), { end: 'stay' }]] });
  const events = thread.events();
  thread.submit(prompt('go'));
  await server.until(() => server.requests.length > 0);
  thread.submit({ type: 'interrupt' });
  const told: EventMsg[] = [];
  for await (const { msg } of events) {
    told.push(msg);
    if (isEnd(msg)) break;
  }
  expect(told.at(-1)).toMatchObject({ type: 'turn_aborted', reason: 'interrupted' });
  await server.until(() => server.openConnections === 0);
});
