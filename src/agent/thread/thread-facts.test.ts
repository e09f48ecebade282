import { expect, it } from 'vitest';
import { unpaired, withTexts } from '../../../fixtures/facts.ts';
import { modelThat } from '../../../fixtures/model-client.ts';
import { call, prompt, THREAD_ID, threadFixture, tool } from '../../../fixtures/thread.ts';
import type { ThreadFixture, ThreadFixtureOptions } from '../../../fixtures/thread.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import { tellerOf } from '../listening/tell.ts';

type Told<Type> = Extract<AgentFact, { readonly type: Type }>;

function listened(options: ThreadFixtureOptions): {
  readonly fixture: ThreadFixture;
  readonly facts: AgentFact[];
  readonly told: <Type extends AgentFact['type']>(type: Type) => readonly Told<Type>[];
} {
  const facts: AgentFact[] = [];
  const tell = tellerOf(
    { observe: (fact) => facts.push(fact) },
    { threadId: THREAD_ID, clock: { now: () => 1 } },
  );
  const fixture = threadFixture({ ...options, world: { tell, ...options.world } });
  const told = <Type extends AgentFact['type']>(type: Type): readonly Told<Type>[] =>
    facts.filter((fact): fact is Told<Type> => fact.type === type);
  return { fixture, facts, told };
}

const usage = {
  input_tokens: 10,
  cached_input_tokens: 4,
  output_tokens: 3,
  reasoning_output_tokens: 1,
  total_tokens: 13,
};
const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

it('tells a turn from its submission to its end', async () => {
  const { fixture, facts, told } = listened({
    responses: [
      { output: [call('c1', 'look')], usage },
      { output: ['done'], usage },
    ],
    tools: [tool('look', async () => ({ content: 'seen', success: true }))],
  });
  const ended = fixture.until('task_complete');
  const id = fixture.thread.submit(
    {
      type: 'user_input',
      items: [
        { type: 'text', text: 'go' },
        { type: 'image', imageUrl: 'data:x' },
      ],
    },
    { trace: TRACE },
  );
  await ended;
  await fixture.thread.shutdown();
  const scope = { threadId: THREAD_ID, turnId: id };
  expect(facts[0]).toMatchObject({ type: 'thread_started', agentPath: '/root', how: 'started' });
  expect(facts.at(-1)).toMatchObject({ type: 'thread_ended', threadId: THREAD_ID, status: 'completed' });
  expect(told('operation_started')).toMatchObject([
    { submissionId: id, operation: 'user_input', trace: TRACE },
    { operation: 'shutdown' },
  ]);
  expect(told('turn_started')).toMatchObject([{ ...scope, kind: 'turn', trace: TRACE }]);
  expect(told('prompt')).toMatchObject([
    { ...scope, text: 'go', textInputs: 1, imageInputs: 1, localImageInputs: 0 },
  ]);
  expect(told('sampling_ended')).toMatchObject([
    { ...scope, retries: 0 },
    { ...scope, retries: 0 },
  ]);
  expect(told('tool_started').map(withTexts)).toMatchObject([
    { ...scope, callId: 'c1', tool: 'look', origin: 'builtin', input: '{}' },
  ]);
  expect(told('tool_ended').map(withTexts)).toMatchObject([
    { callId: 'c1', status: 'completed', success: true, output: 'seen' },
  ]);
  expect(told('first_token')).toHaveLength(1);
  expect(told('first_message')).toHaveLength(1);
  expect(told('turn_ended')).toMatchObject([
    {
      ...scope,
      status: 'completed',
      requests: 2,
      toolCalls: 1,
      usage: { input_tokens: 20, cached_input_tokens: 8, total_tokens: 26 },
    },
  ]);
  expect(told('item_recorded').map((fact) => fact.item())).toEqual(
    fixture.messages.flatMap((msg) => (msg.type === 'raw_response_item' ? [msg.item] : [])),
  );
  expect(unpaired(facts)).toEqual([]);
});

it('tells events as clients get them, but no deltas, and the turn only of those that have one', async () => {
  const { fixture, told } = listened({ responses: [{ output: ['done'] }] });
  await fixture.say('go');
  fixture.thread.submit({ type: 'thread_settings', settings: { cwd: '/x' } });
  const names = told('protocol_event').map(({ name }) => name);
  const clients = fixture.messages.map(({ type }) => type);
  expect(names).toEqual(clients.filter((type) => !type.endsWith('_delta')));
  const turns = new Set(
    told('protocol_event').map(({ name, turnId }) => [name, turnId !== undefined].join()),
  );
  expect([...turns]).toEqual(
    expect.arrayContaining([
      'session_configured,false',
      'thread_settings_applied,false',
      'task_complete,true',
    ]),
  );
});

it('says why a turn failed without the words of anybody', async () => {
  const { fixture, facts, told } = listened({
    responses: [{ fails: { kind: 'invalid_request', message: 'a word of the server' } }],
  });
  await fixture.say('go');
  expect(told('turn_ended')).toMatchObject([{ status: 'failed', cause: 'invalid_request' }]);
  const own = facts.filter(({ type }) => type !== 'protocol_event').map(withTexts);
  expect(JSON.stringify(own)).not.toContain('a word of the server');
});

it.each([
  ['a model that never answers', []],
  ['a tool that never ends', [{ output: [call('c1', 'hang')] }]],
])('an interrupt ends what began, once: %s', async (_name, responses) => {
  const silent = modelThat(() => ({
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
  }));
  const { fixture, facts, told } = listened({
    ...(responses.length === 0 ? { model: silent } : { responses }),
    tools: [tool('hang', () => new Promise(() => undefined))],
  });
  fixture.thread.submit(prompt('go'));
  await fixture.until('raw_response_item', responses.length === 0 ? 1 : 4);
  fixture.thread.submit({ type: 'interrupt' });
  await fixture.until('turn_aborted');
  await fixture.thread.shutdown();
  expect(told('turn_ended')).toMatchObject([{ status: 'aborted', cause: 'interrupted' }]);
  expect(told('sampling_started')).toHaveLength(1);
  expect(told('tool_ended').map(({ status }) => status)).toEqual(responses.map(() => 'cancelled'));
  expect(unpaired(facts)).toEqual([]);
});

it('tells what stands in place of a conversation that was compacted', async () => {
  const { fixture, told } = listened({ responses: [{ output: ['one'] }, { output: ['the note'], usage }] });
  await fixture.say('go');
  fixture.thread.submit({ type: 'compact' });
  await fixture.until('task_complete', 2);
  expect(told('turn_started').map(({ kind }) => kind)).toEqual(['turn', 'compact']);
  expect(told('compaction_installed')).toHaveLength(1);
  expect(JSON.stringify(told('compaction_installed')[0]?.replacement())).toContain('the note');
  expect(told('turn_ended').at(-1)).toMatchObject({ usage });
});
