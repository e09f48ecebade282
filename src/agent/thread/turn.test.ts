import { describe, expect, it } from 'vitest';
import { modelThat } from '../../../fixtures/model-client.ts';
import { call, prompt, shown, THREAD_ID, threadFixture, tool } from '../../../fixtures/thread.ts';
import { scriptedProvider } from '../model/scripted/provider.ts';
import type { ModelEvent } from '../model/event.ts';
import type { ResponseItem } from '../protocol/item.ts';
import type { TokenUsage } from '../protocol/usage.ts';
import { createTurnTimer } from './timing.ts';

const user = (text: string): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const usageOf = (total: number, input = total): TokenUsage => ({
  input_tokens: input,
  cached_input_tokens: 0,
  output_tokens: total - input,
  reasoning_output_tokens: 0,
  total_tokens: total,
});
describe('the turn', () => {
  it('splits its time into phases that add up', () => {
    let now = 0;
    const timer = createTurnTimer({ now: () => now, elapsed: () => now });
    const pass = (ms: number): void => void (now += ms);
    pass(1.4);
    timer.enter('sampling');
    pass(2.4);
    timer.firstToken();
    pass(3);
    timer.firstToken();
    timer.enter('tools');
    pass(4.4);
    timer.enter('afterLastSampling');
    pass(1);
    const { phasesMs, totalMs, timeToFirstTokenMs } = timer.profile();
    expect(totalMs).toBe(12);
    expect(Object.values(phasesMs).reduce((sum, ms) => sum + ms, 0)).toBe(12);
    expect(phasesMs).toMatchObject({ beforeFirstSampling: 1, sampling: 5, tools: 4, afterLastSampling: 2 });
    expect(timeToFirstTokenMs).toBe(4);
  });

  it('gives an item one id from its start to its end, and derives the older events', async () => {
    const fixture = threadFixture({ responses: [{ output: [['Hel', 'lo']] }] });
    await fixture.say('hi');
    const ids = fixture.messages.flatMap((msg) => {
      if (msg.type === 'item_started' || msg.type === 'item_completed')
        return msg.item.type === 'AgentMessage' ? [msg.item.id] : [];
      return msg.type === 'agent_message_content_delta' ? [msg.item_id] : [];
    });
    expect(ids).toEqual(['msg_1_0', 'msg_1_0', 'msg_1_0', 'msg_1_0']);
    expect(fixture.messages).toContainEqual({ type: 'agent_message', message: 'Hello' });
  });

  it('tells its token count once its calls have settled', async () => {
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'look')], usage: usageOf(10) }, { output: ['done'] }],
      tools: [tool('look', async () => ({ content: 'seen', success: true }))],
    });
    await fixture.say('go');
    const kinds = fixture.messages.map((msg) =>
      msg.type === 'raw_response_item' ? msg.item.type : msg.type,
    );
    expect(kinds.indexOf('token_count')).toBeGreaterThan(kinds.indexOf('function_call_output'));
  });

  it.each(['completed', 'failed'] as const)(
    'reports a %s response as processed only when it was (trap 44)',
    async (end) => {
      const fixture = threadFixture({
        responses: [end === 'completed' ? { output: ['x'] } : { fails: { kind: 'quota_exceeded' } }],
        config: { isFeatureOn: (name) => name === 'responses_websocket_response_processed' },
      });
      await fixture.say('go');
      expect(fixture.model.processed).toEqual(end === 'completed' ? ['resp_1'] : []);
    },
  );

  it('goes on when the response asks for another request', async () => {
    const fixture = threadFixture({ responses: [{ output: ['one'], endTurn: false }, { output: ['two'] }] });
    expect(await fixture.say('go')).toMatchObject({ last_agent_message: 'two' });
  });

  it('takes the images away that the provider refuses, and asks again; once', async () => {
    const picture = tool('view', async () => ({
      content: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==' }],
      success: true,
    }));
    const refused = { fails: { kind: 'invalid_image' } } as const;
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'view')] }, refused, { output: ['done'] }, refused],
      tools: [picture],
    });
    expect(await fixture.say('look')).toMatchObject({ last_agent_message: 'done' });
    expect(JSON.stringify(fixture.model.requests[2]?.input)).not.toContain('input_image');
    expect(await fixture.say('again')).toMatchObject({ error: { kind: 'bad_request' } });
  });

  it('counts the window as full when the provider says so', async () => {
    const fixture = threadFixture({ responses: [{ fails: { kind: 'context_window_exceeded' } }] });
    expect(await fixture.say('go')).toMatchObject({ error: { kind: 'context_window_exceeded' } });
    expect(fixture.messages).toContainEqual(
      expect.objectContaining({
        type: 'token_count',
        info: expect.objectContaining({
          last_token_usage: expect.objectContaining({ total_tokens: 258_400 }),
        }),
      }),
    );
  });

  it('keeps generated pictures beside the conversation, and sends them back unchanged', async () => {
    const item: ResponseItem = {
      type: 'image_generation_call',
      id: 'ig_1',
      status: 'completed',
      result: 'AA==',
    };
    const fixture = threadFixture({ responses: [{ output: [item], endTurn: false }, { output: ['done'] }] });
    await fixture.say('draw');
    expect(fixture.model.requests[1]?.input).toContainEqual(item);
    expect(fixture.messages).toContainEqual(
      expect.objectContaining({
        type: 'image_generation_end',
        call_id: 'ig_1',
        saved_path: '/home/agent/imagegen/ig_1.png',
      }),
    );
  });

  it('drops the oldest item when the compaction itself overflows', async () => {
    const fixture = threadFixture({
      responses: [{ output: ['one'] }, { fails: { kind: 'context_window_exceeded' } }, { output: ['note'] }],
    });
    await fixture.say('first');
    fixture.thread.submit({ type: 'compact' });
    expect(await fixture.until('task_complete', 2)).not.toHaveProperty('error');
    const [, whole, less] = fixture.model.requests;
    expect(less?.input).toHaveLength((whole?.input.length ?? 0) - 1);
  });

  it('lets the provider compact where it can', async () => {
    const short: readonly ResponseItem[] = [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'stale' }] },
      user('the task'),
      { type: 'compaction', encrypted_content: 'secret form' },
    ];
    const fixture = threadFixture({
      responses: [{ output: ['one'] }, { output: ['two'] }],
      scripted: { compact: async () => short },
    });
    await fixture.say('the task');
    fixture.thread.submit({ type: 'compact' });
    await fixture.until('task_complete', 2);
    await fixture.say('go on');
    const input = fixture.model.requests.at(-1)?.input ?? [];
    expect(input.slice(0, 2)).toEqual(short.slice(1));
    expect(shown(input)[2]).toContain('developer: ');
    expect(fixture.lines.find(({ type }) => type === 'compacted')?.payload).toMatchObject({
      replacement_history: short.slice(1),
    });
  });

  it('compacts with the model before when the next one is too small', async () => {
    const windows: Readonly<Record<string, number>> = { big: 100_000, small: 1000 };
    const fixture = threadFixture({
      responses: [{ output: ['one'], usage: usageOf(5000) }, { output: ['note'] }, { output: ['two'] }],
      config: { model: 'big' },
      provider: {
        modelInfo: (slug) => ({
          ...scriptedProvider().modelInfo(slug),
          contextWindow: windows[slug],
        }),
      },
    });
    await fixture.say('a');
    fixture.thread.submit({ type: 'thread_settings', settings: { model: 'small' } });
    await fixture.say('b');
    expect(fixture.model.requests.map(({ model }) => model.slug)).toEqual(['big', 'big', 'small']);
    expect(fixture.model.requests[1]?.turnMetadata).toMatchObject({
      compaction: { reason: 'model_downshift', phase: 'pre_turn' },
    });
  });

  it('warms the connection up with what the first request will say', async () => {
    const warmed: unknown[] = [];
    const fixture = threadFixture({
      responses: [{ output: ['done'] }],
      tools: [tool('look', async () => ({ content: '', success: true }))],
      scripted: {
        prewarm: async (request) => {
          warmed.push(request);
          return 'ready';
        },
      },
    });
    await fixture.say('go');
    const {
      input: _input,
      turnMetadata,
      trace: _trace,
      turnId: _turn,
      purpose: _purpose,
      ...rest
    } = fixture.model.requests[0] ?? {};
    expect(warmed).toEqual([expect.objectContaining({ ...rest, input: [] })]);
    expect(warmed[0]).toMatchObject({ turnMetadata: { request_kind: 'prewarm', thread_id: THREAD_ID } });
    expect(turnMetadata).toMatchObject({ request_kind: 'turn' });
  });

  it('passes 100,000 deltas on in order, without a promise for each', async () => {
    const deltas = Array.from({ length: 100_000 }, (_value, index) => String(index));
    const batch: ModelEvent[] = [
      { type: 'item_added', item: { type: 'message', id: 'm', role: 'assistant', content: [] } },
      ...deltas.map((delta): ModelEvent => ({ type: 'text_delta', delta })),
      { type: 'completed', responseId: 'r', upstreamRequestId: null, usage: undefined, endTurn: undefined },
    ];
    const model = modelThat(async function* () {
      yield batch;
    });
    const fixture = threadFixture({ model });
    await fixture.say('count');
    const heard = fixture.messages.flatMap((msg) =>
      msg.type === 'agent_message_content_delta' ? [msg.delta] : [],
    );
    expect(heard).toEqual(deltas);
  });

  it('takes new input in a turn of its own once the turn has ended', async () => {
    const fixture = threadFixture({ responses: [{ output: ['one'] }, { output: ['two'] }] });
    const ids = new Set<string>();
    fixture.thread.subscribe(({ msg }) => {
      if (msg.type === 'task_complete' && ids.size === 0) ids.add(fixture.thread.submit(prompt('next')));
    });
    const end = await fixture.say('first');
    await fixture.until('task_complete', 2);
    expect(end).toMatchObject({ last_agent_message: 'one' });
    expect(fixture.messages.filter(({ type }) => type === 'task_started')).toHaveLength(2);
  });
});
