import { expect, it } from 'vitest';
import { modelThat } from '../../../fixtures/model-client.ts';
import { prompt, shown, threadFixture, tool } from '../../../fixtures/thread.ts';
import type { ModelEvent } from '../model/event.ts';
import type { ModelInfo } from '../model/info.ts';
import { scriptedProvider } from '../model/scripted/provider.ts';
import { createToolRegistry } from '../tools/registry.ts';
import { ToolFailure } from '../tools/tool.ts';

const infos = (models: Readonly<Record<string, Partial<ModelInfo>>>) => ({
  modelInfo: (slug: string): ModelInfo => ({ ...scriptedProvider().modelInfo(slug), ...models[slug] }),
});

it('asks for the verbosity and the summary that the model is made for, where nobody says anything else', async () => {
  const provider = infos({ 'scripted-1': { defaultVerbosity: 'low', defaultSummary: 'none' } });
  const silent = threadFixture({ responses: [{ output: ['done'] }], provider });
  await silent.say('go');
  expect(silent.model.requests[0]).toMatchObject({ verbosity: 'low', summary: 'none' });
  expect(silent.lines.find(({ type }) => type === 'turn_context')?.payload).toMatchObject({
    summary: 'none',
  });

  const config = { verbosity: 'high', summary: 'detailed' } as const;
  const said = threadFixture({ responses: [{ output: ['done'] }], provider, config });
  await said.say('go');
  expect(said.model.requests[0]).toMatchObject(config);
});

it('warns once of a verbosity that the model does not know', async () => {
  const fixture = threadFixture({
    responses: [{ output: ['one'] }, { output: ['two'] }],
    config: { verbosity: 'low' },
    provider: infos({ 'scripted-1': { supportsVerbosity: false } }),
  });
  await fixture.say('a');
  await fixture.say('b');
  const warnings = fixture.messages.filter(({ type }) => type === 'warning');
  expect(warnings).toEqual([
    { type: 'warning', message: expect.stringMatching(/model_verbosity.*scripted-1/) },
  ]);
});

it('takes the tools of the model that a turn runs with', async () => {
  const registries = ['one', 'two'].map((name) =>
    createToolRegistry({ tools: [tool(name, async () => ({ content: '', success: true }))] }),
  );
  const fixture = threadFixture({
    responses: [{ output: ['1'] }, { output: ['2'] }, { output: ['3'] }],
    makeTools: () => ({
      registry: async ({ slug }) =>
        registries[slug === 'scripted-1' ? 0 : 1] ?? createToolRegistry({ tools: [] }),
    }),
  });
  await fixture.say('a');
  fixture.thread.submit({ type: 'thread_settings', settings: { model: 'other' } });
  await fixture.say('b');
  fixture.thread.submit({ type: 'thread_settings', settings: { model: 'scripted-1' } });
  await fixture.say('c');
  const lists = fixture.model.requests.map(({ tools }) => JSON.stringify(tools));
  expect(lists[0]).toContain('"one"');
  expect(lists[1]).toContain('"two"');
  expect(lists[2]).toBe(lists[0]);
});

it('tells the model of a search that failed, behind the output of the search', async () => {
  const fixture = threadFixture({
    responses: [
      { output: [{ type: 'tool_search_call', call_id: 'c1', execution: 'client', arguments: {} }] },
      { output: ['done'] },
    ],
    tools: [
      tool('tool_search', async () => {
        throw new ToolFailure('the query is empty');
      }),
    ],
  });
  await fixture.say('find it');
  expect(shown(fixture.model.requests[1]?.input ?? []).slice(-2)).toEqual([
    'tool_search_output c1',
    'developer: tool_search failed: the query is empty',
  ]);
});

const pieces = ['*** Begin Patch\n', '*** Add File: a\n', '+x\n', '*** End Patch'];

it.each([
  ['on', 1],
  ['off', 0],
])('shows a patch while it is written, with the feature %s', async (feature, updates) => {
  const item = { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch' } as const;
  const batches: ModelEvent[][] = [
    [
      { type: 'item_added', item: { ...item, input: '' } },
      ...pieces.map((delta): ModelEvent => ({ type: 'tool_input_delta', itemId: 'i1', callId: 'c1', delta })),
      { type: 'item_done', item: { ...item, input: pieces.join('') } },
      ended('r1'),
    ],
    [ended('r2')],
  ];
  const model = modelThat(async function* () {
    yield batches.shift() ?? [];
  });
  const fixture = threadFixture({
    model,
    config: { isFeatureOn: (name) => name === 'apply_patch_streaming_events' && feature === 'on' },
    tools: [tool('apply_patch', async () => ({ content: 'done', success: true }))],
  });
  fixture.thread.submit(prompt('patch it'));
  await fixture.until('task_complete');
  const told = fixture.messages.filter(({ type }) => type === 'patch_apply_updated');
  expect(told).toHaveLength(updates);
  for (const update of told)
    expect(update).toMatchObject({ call_id: 'c1', changes: [{ path: '/work/a', kind: 'add' }] });
});

const ended = (responseId: string): ModelEvent => ({
  type: 'completed',
  responseId,
  upstreamRequestId: null,
  usage: undefined,
  endTurn: undefined,
});
