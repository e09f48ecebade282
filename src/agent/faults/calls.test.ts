import { expect, it } from 'vitest';
import type { Wire } from '../../../fixtures/turn-faults/agent-at.ts';
import { expectKept } from '../../../fixtures/turn-faults/expect-kept.ts';
import { play, UNHURRIED } from '../../../fixtures/turn-faults/play.ts';
import type { TurnFault } from '../../../fixtures/turn-faults/play.ts';
import {
  completed,
  created,
  failed,
  functionCall,
  itemDone,
  message,
} from '../../testing/responses/events.ts';
import type { Action, Step } from '../../testing/responses/script.ts';

const WIRES = ['http', 'websocket'] as const;
const STAY: Action = { end: 'stay' };

type CallFault = Omit<TurnFault, 'over' | 'asked'> & {
  /** Requests of the faulty turn. */
  readonly requests: number;
};

const plan = functionCall('update_plan', { plan: [{ step: 'look', status: 'pending' }] });
const shell = (cmd: string, callId = 'call_1'): Action =>
  functionCall('exec_command', { cmd }, { id: `fc_${callId}`, callId });
const calling = (...calls: readonly Action[]): Step => [created('r1'), calls, completed('r1')];
const answered = { told: ['done healthy'], requests: 2 } as const;

const interrupted = { told: ['aborted interrupted'] } as const;
const interruptAfter =
  (requests: number): NonNullable<TurnFault['meanwhile']> =>
  async ({ thread, server }) => {
    await server.until(
      () => server.requests.filter(({ body }) => body['generate'] !== false).length >= requests,
    );
    thread.submit({ type: 'interrupt' });
  };
const interruptAt =
  (type: string): NonNullable<TurnFault['onEvent']> =>
  ({ msg }, { thread }) => {
    if (msg.type === type) thread.submit({ type: 'interrupt' });
  };

/** What the model asks for wrongly is its to hear: the turn goes on. */
const wrongCalls: readonly CallFault[] = [
  {
    name: 'arguments that are no JSON',
    responses: [calling(functionCall('update_plan', '{"plan":'))],
    ...answered,
  },
  {
    name: 'arguments that are not those of the tool',
    responses: [calling(functionCall('update_plan', { plan: 'x' }))],
    ...answered,
  },
  { name: 'a tool that there is not', responses: [calling(functionCall('fly_away', {}))], ...answered },
  {
    name: 'a free text for a function',
    responses: [
      calling(itemDone({ type: 'custom_tool_call', name: 'update_plan', input: 'x', call_id: 'c' })),
    ],
    ...answered,
  },
  {
    name: 'a patch that is none',
    responses: [
      calling(
        itemDone({ type: 'custom_tool_call', name: 'apply_patch', input: '*** Nothing', call_id: 'c' }),
      ),
    ],
    ...answered,
  },
  {
    name: 'a call of an unknown kind',
    responses: [
      [created('r1'), itemDone({ type: 'thought_call', call_id: 'c' }), message('fine'), completed('r1')],
    ],
    told: ['done fine'],
    requests: 1,
  },
  {
    name: 'a call without an id',
    responses: [
      [
        created('r1'),
        itemDone({ type: 'function_call', name: 'update_plan', arguments: '{}' }),
        message('fine'),
        completed('r1'),
      ],
    ],
    told: ['done fine'],
    requests: 1,
  },
  { name: 'a command that kills itself', responses: [calling(shell('kill -9 $$'))], ...answered },
  { name: 'a command that there is not', responses: [calling(shell('/no/such/program'))], ...answered },
  { name: 'two calls with one id', responses: [calling(plan, shell('true', 'call_1'))], ...answered },
  { name: 'one call told twice', responses: [calling(plan, plan)], ...answered },
  {
    name: 'a call and a free text behind it',
    responses: [[created('r1'), plan, message('fine'), completed('r1')]],
    ...answered,
  },
];

/** What was called before a fault has run once, and is not called again. */
const brokenBehind: readonly CallFault[] = [
  {
    name: 'a connection that is lost behind a call',
    responses: [[created('r1'), plan, { end: 'drop' }]],
    told: [],
    requests: 2,
  },
  {
    name: 'a connection that is lost while a command runs',
    responses: [[created('r1'), shell('sleep 0.3'), { end: 'drop' }]],
    told: [],
    requests: 2,
  },
  {
    name: 'an end without a completion behind a call',
    responses: [[created('r1'), plan, { close: 1000 }]],
    told: [],
    requests: 2,
  },
  {
    name: 'a fault of the second request',
    responses: [calling(plan), [{ end: 'drop' }]],
    told: [],
    requests: 3,
  },
  {
    name: 'a fault of the third request',
    responses: [calling(plan), calling(shell('true')), [created('r3'), { end: 'drop' }]],
    told: [],
    requests: 4,
  },
];

const ended: readonly CallFault[] = [
  {
    name: 'a second request that ends the turn',
    responses: [calling(plan), [created('r2'), failed('slow_down')]],
    told: ['error server_overloaded', 'failed server_overloaded'],
    requests: 2,
  },
  {
    name: 'a call, and the end of the turn behind it',
    responses: [[created('r1'), plan, failed('cyber_policy')]],
    told: ['error cyber_policy', 'failed cyber_policy'],
    requests: 1,
  },
];

const interruptions: readonly CallFault[] = [
  {
    name: 'an interrupt before the answer',
    responses: [{ unanswered: 'stay' }],
    meanwhile: interruptAfter(1),
    ...interrupted,
    requests: 1,
  },
  {
    name: 'an interrupt in the middle of an answer',
    responses: [[created('r1'), message('half'), STAY]],
    onEvent: interruptAt('agent_message'),
    ...interrupted,
    requests: 1,
  },
  {
    name: 'an interrupt behind a call',
    responses: [[created('r1'), plan, STAY]],
    onEvent: interruptAt('plan_update'),
    ...interrupted,
    requests: 1,
  },
  {
    name: 'an interrupt of the second request',
    responses: [calling(plan), { unanswered: 'stay' }],
    meanwhile: interruptAfter(2),
    ...interrupted,
    requests: 2,
  },
  {
    name: 'an interrupt while a command runs',
    responses: [calling(shell('sleep 60'))],
    onEvent: interruptAt('exec_command_begin'),
    ...interrupted,
    requests: 1,
  },
  {
    name: 'an interrupt while the client works',
    responses: [calling(functionCall('look_up', {}))],
    dynamicTools: [{ name: 'look_up', description: 'Looks up.', inputSchema: { type: 'object' } }],
    onEvent: interruptAt('dynamic_tool_call_request'),
    ...interrupted,
    requests: 1,
  },
];

const faults: readonly TurnFault[] = WIRES.flatMap((over) => [
  ...[...wrongCalls, ...ended, ...interruptions].map((fault) => ({
    ...fault,
    over,
    asked: asked(over, fault),
  })),
  ...brokenBehind.map((fault) => ({
    ...fault,
    over,
    told: over === 'http' ? ['retry 1/1', 'done healthy'] : ['done healthy'],
    asked: asked(over, fault),
  })),
]);

function asked(over: Wire, { requests }: CallFault): readonly Wire[] {
  return Array.from({ length: requests }, () => over);
}

it.concurrent.for(faults)('$over: $name', UNHURRIED, async (fault) => {
  const played = await play(fault);
  expect(played.told).toEqual(fault.told);
  expect(played.asked.map(({ transport }) => transport)).toEqual(fault.asked);
  expectKept(played);
});

it('an interrupt works while a retry is waited for', async () => {
  const played = await play({
    name: 'an interrupt of the waiting',
    over: 'http',
    responses: { always: [created('r'), failed('rate_limit_exceeded', 'Please try again in 600s.')] },
    onEvent: interruptAt('stream_error'),
    told: ['retry 1/1', 'aborted interrupted'],
    asked: ['http'],
  });
  expect(played.told).toEqual(['retry 1/1', 'aborted interrupted']);
  expectKept(played);
});

it('an interrupt works while the connection is made ready (trap 24)', async () => {
  const played = await play({
    name: 'an interrupt of the prewarm',
    over: 'websocket',
    upgrades: ['silent'],
    meanwhile: async ({ thread, server }) => {
      await server.until(() => server.upgrades.length === 1);
      thread.submit({ type: 'interrupt' });
    },
    told: ['aborted interrupted'],
    asked: [],
  });
  expect(played.told).toEqual(['aborted interrupted']);
  expect(played.asked).toEqual([]);
  expectKept(played);
});

it.each(WIRES)('what was steered in before a turn failed over %s is not lost', async (over) => {
  const played = await play({
    name: 'a steer',
    over,
    responses: [[created('r'), message('half'), { pauseMs: 200 }, failed('slow_down')]],
    onEvent: ({ msg }, { thread }) => {
      if (msg.type === 'agent_message' && msg.message === 'half')
        thread.submit({ type: 'user_input', items: [{ type: 'text', text: 'besides' }] });
    },
    told: [],
    asked: [],
  });
  expect(played.told).toEqual(['error server_overloaded', 'failed server_overloaded']);
  expect(JSON.stringify(played.askedAfterwards[0]?.body['input'])).toContain('besides');
  expectKept(played);
});

it('a command ends with its agent', async () => {
  let pid = 0;
  const played = await play({
    name: 'a command in the background',
    over: 'http',
    responses: [calling(shell('echo $$; sleep 60'))],
    onEvent: ({ msg }, { thread }) => {
      if (msg.type !== 'exec_command_output_delta') return;
      pid = Number(Buffer.from(msg.chunk, 'base64').toString('utf8'));
      thread.submit({ type: 'interrupt' });
    },
    told: [],
    asked: [],
  });
  expect(played.told).toEqual(['aborted interrupted']);
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expectKept(played);
});
