import { describe, expect, it } from 'vitest';
import { call, isEnd, prompt, shown, threadFixture, THREAD_ID, tool } from '../../../fixtures/thread.ts';
import { gate, only, refusal, types } from '../../../fixtures/thread-events.ts';
import { turnId } from '../protocol/ids.ts';

describe('conformance rows of spec/agent-core.md 9', () => {
  it('1: a root thread is configured first, and its session id is its thread id', () => {
    const { events } = threadFixture();
    expect(events[0]).toMatchObject({
      id: '',
      msg: { type: 'session_configured', session_id: THREAD_ID, thread_id: THREAD_ID },
    });
  });

  it('4: two turns have two ids, and one start and one end each', async () => {
    const fixture = threadFixture({
      responses: [{ output: ['one'] }, { output: ['two'] }],
    });
    await fixture.say('a');
    await fixture.say('b');
    const starts = only(fixture.messages, 'task_started').map(({ turn_id }) => turn_id);
    const ends = only(fixture.messages, 'task_complete');
    expect(new Set(starts).size).toBe(2);
    expect(ends.map(({ turn_id }) => turn_id)).toEqual(starts);
    expect(ends.map(({ last_agent_message }) => last_agent_message)).toEqual(['one', 'two']);
  });

  it('5: while the warm-up hangs the turn has started, and an interrupt ends it and the warm-up', async () => {
    let wasGivenUp = false;
    const fixture = threadFixture({
      scripted: {
        prewarm: (_request, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              wasGivenUp = true;
              resolve('cancelled');
            });
          }),
      },
    });
    fixture.thread.submit(prompt('hello'));
    await fixture.until('task_started');
    fixture.thread.submit({ type: 'interrupt' });
    expect(await fixture.until('turn_aborted')).toMatchObject({ reason: 'interrupted' });
    expect(wasGivenUp).toBe(true);
    expect(fixture.model.requests).toEqual([]);
  });

  it('6: a warm-up that hangs is waited for no longer than its limit, from its start', async () => {
    const expire = gate();
    const fixture = threadFixture({
      responses: [{ output: ['done'] }],
      scripted: { prewarm: () => new Promise(() => undefined) },
      provider: {
        limits: {
          requestMaxRetries: 0,
          streamMaxRetries: 0,
          streamIdleTimeoutMs: 1,
          websocketConnectTimeoutMs: 77,
        },
      },
      world: { wait: (delayMs) => (delayMs === 77 ? expire.opened : Promise.resolve()) },
    });
    const ended = fixture.say('hello');
    await fixture.until('task_started');
    expect(fixture.model.requests).toEqual([]);
    expire.open();
    expect(await ended).toMatchObject({ type: 'task_complete', last_agent_message: 'done' });
  });

  it('7: an interrupt leaves the marker and the file behind before it is announced', async () => {
    const order: string[] = [];
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'exec_command')] }, { output: ['later'] }],
      tools: [tool('exec_command', () => new Promise(() => undefined))],
      recorder: {
        append: async (...lines) => void order.push(...lines.map(({ payload }) => JSON.stringify(payload))),
        flush: async () => void order.push('flush'),
      },
    });
    fixture.thread.subscribe(({ msg }) => void (isEnd(msg) && order.push(msg.type)));
    fixture.thread.submit(prompt('run'));
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit({ type: 'interrupt' });
    await fixture.until('turn_aborted');
    const marker = order.findIndex((line) => line.includes('<turn_aborted>'));
    const output = order.findIndex((line) => line.includes('Wall time'));
    expect(output).toBeGreaterThan(0);
    expect(marker).toBeGreaterThan(output);
    expect(order.slice(marker + 1, order.lastIndexOf('turn_aborted'))).toContain('flush');
    await fixture.say('go on');
    const told = shown(fixture.model.requests[1]?.input ?? []);
    expect(told).toContainEqual(expect.stringMatching(/^c1 -> Wall time: \d+\.\d seconds\naborted by user$/));
    expect(told).toContainEqual(expect.stringContaining('<turn_aborted>'));
  });

  it('8: the background terminals end by their own operation, and by nothing else', async () => {
    let cleanings = 0;
    const fixture = threadFixture({
      makeTools: () => ({ cleanTerminals: async () => void (cleanings += 1) }),
    });
    fixture.thread.submit({ type: 'interrupt' });
    expect(cleanings).toBe(0);
    fixture.thread.submit({ type: 'clean_background_terminals' });
    expect(cleanings).toBe(1);
    await fixture.thread.shutdown();
  });

  it('9: a steer for another turn is refused; the turn goes on and nothing is queued', async () => {
    const go = gate();
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'wait')] }, { output: ['done'] }],
      tools: [tool('wait', () => go.opened.then(() => ({ content: 'ok', success: true })))],
    });
    const ended = fixture.say('run');
    await fixture.until('raw_response_item', 4);
    const steer = { ...prompt('no'), expectedTurnId: turnId('another') };
    expect(refusal(() => fixture.thread.submit(steer))).toMatchObject({ kind: 'expected_turn_mismatch' });
    go.open();
    expect(await ended).toMatchObject({ type: 'task_complete', last_agent_message: 'done' });
    expect(shown(fixture.model.requests.at(-1)?.input ?? []).join('\n')).not.toContain('user: no');
  });

  it('10: a manual compaction cannot be steered, and does not fail by the attempt', async () => {
    const fixture = threadFixture({ responses: [{ output: ['a note'] }] });
    const id = fixture.thread.submit({ type: 'compact' });
    expect(refusal(() => fixture.thread.submit(prompt('now')))).toEqual({
      kind: 'active_turn_not_steerable',
      turnKind: 'compact',
    });
    const end = await fixture.until('task_complete');
    expect(end).toMatchObject({ turn_id: id });
    expect(end).not.toHaveProperty('error');
  });

  it('11: what is steered in while a tool runs stands in the next request, behind the output', async () => {
    const go = gate();
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'wait')] }, { output: ['done'] }],
      tools: [tool('wait', () => go.opened.then(() => ({ content: 'tool says', success: true })))],
    });
    const ended = fixture.say('run');
    await fixture.until('raw_response_item', 4);
    const turn = (await fixture.until('task_started')).turn_id;
    expect(fixture.thread.submit(prompt('and this'))).toBe(turn);
    go.open();
    await ended;
    expect(shown(fixture.model.requests[1]?.input ?? []).slice(-2)).toEqual([
      'c1 -> tool says',
      'user: and this',
    ]);
    expect(fixture.messages.filter(isEnd)).toHaveLength(1);
  });

  it('12: a rollback of nothing, or during a turn, fails and changes nothing', async () => {
    const go = gate();
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'wait')] }, { output: ['done'] }, { output: ['again'] }],
      tools: [tool('wait', () => go.opened.then(() => ({ content: 'ok', success: true })))],
    });
    fixture.thread.submit({ type: 'thread_rollback', numTurns: 0 });
    const ended = fixture.say('run');
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit({ type: 'thread_rollback', numTurns: 1 });
    go.open();
    await ended;
    const failures = only(fixture.messages, 'error').map(({ info }) => info.kind);
    expect(failures).toEqual(['thread_rollback_failed', 'thread_rollback_failed']);
    await fixture.say('more');
    expect(shown(fixture.model.requests[2]?.input ?? [])).toContain('user: run');
  });

  it('16: a provider that fails until the retries end gives notices, an error, and the end', async () => {
    const fails = { kind: 'internal_server_error', message: 'it broke' } as const;
    const fixture = threadFixture({
      responses: [{ fails, repeat: true }],
      provider: {
        limits: {
          requestMaxRetries: 0,
          streamMaxRetries: 2,
          streamIdleTimeoutMs: 1,
          websocketConnectTimeoutMs: 15_000,
        },
      },
    });
    const end = await fixture.say('hello');
    expect(end).toMatchObject({ type: 'task_complete', error: { kind: 'internal_server_error' } });
    expect(only(fixture.messages, 'stream_error').map(({ message }) => message)).toEqual([
      'Reconnecting… 1/2',
      'Reconnecting… 2/2',
    ]);
    expect(types(fixture.messages).slice(-2)).toEqual(['error', 'task_complete']);
    expect(fixture.waits.filter((ms) => ms !== 15_000)).toEqual([200, 400]);
    expect(fixture.model.requests).toHaveLength(3);
  });

  it('35, 36: client metadata never replaces ours, and a steer replaces it for the following requests', async () => {
    const go = gate();
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'wait')] }, { output: ['done'] }],
      tools: [tool('wait', () => go.opened.then(() => ({ content: 'ok', success: true })))],
    });
    const id = fixture.thread.submit({ ...prompt('run'), clientMetadata: { turn_id: 'evil', k: 'old' } });
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit({ ...prompt('more'), clientMetadata: { k: 'new' } });
    go.open();
    await fixture.until('task_complete');
    expect(fixture.model.requests.map(({ turnMetadata }) => turnMetadata)).toEqual([
      expect.objectContaining({ turn_id: id, k: 'old', request_kind: 'turn' }),
      expect.objectContaining({ turn_id: id, k: 'new', request_kind: 'turn' }),
    ]);
  });

  it('66: a call is on disk before it runs, and a resumed thread tells that it was aborted', async () => {
    const before: string[] = [];
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'touch')] }, { output: ['done'] }],
      tools: [
        tool('touch', async () => {
          before.push(...fixture.lines.map(({ payload }) => String('call_id' in payload && payload.call_id)));
          return { content: 'ok', success: true };
        }),
      ],
    });
    await fixture.say('run');
    expect(before).toContain('c1');

    const resumed = threadFixture({
      responses: [{ output: ['resumed'] }],
      restored: {
        items: [
          { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'run' }] },
          call('c1', 'touch'),
        ],
        lastTurnContext: undefined,
        tokenUsage: undefined,
        isMidTurn: true,
      },
    });
    await resumed.say('go on');
    expect(shown(resumed.model.requests[0]?.input ?? []).slice(0, 3)).toEqual([
      'user: run',
      'function_call c1',
      'c1 -> aborted',
    ]);
  });

  it('67: a threshold that is passed in a turn compacts, and the model still sees what the user said last', async () => {
    const usage = {
      input_tokens: 900,
      cached_input_tokens: 0,
      output_tokens: 100,
      reasoning_output_tokens: 0,
      total_tokens: 1000,
    };
    const fixture = threadFixture({
      responses: [
        { output: [call('c1', 'look')], usage },
        { output: ['the note'], usage },
        { output: ['done'] },
      ],
      tools: [tool('look', async () => ({ content: 'seen', success: true }))],
      config: { autoCompactTokenLimit: 1000 },
    });
    await fixture.say('the task');
    expect(types(fixture.messages)).toContain('context_compacted');
    const compaction = fixture.messages.filter(
      (msg) =>
        (msg.type === 'item_started' || msg.type === 'item_completed') &&
        msg.item.type === 'ContextCompaction',
    );
    expect(types(compaction)).toEqual(['item_started', 'item_completed']);
    expect(fixture.model.requests[1]?.turnMetadata).toMatchObject({
      request_kind: 'compaction',
      compaction: { trigger: 'auto', phase: 'mid_turn' },
    });
    const after = shown(fixture.model.requests[2]?.input ?? []);
    expect(after.at(-2)).toBe('user: the task');
    expect(after.at(-1)).toContain('the note');
    expect(after[0]).toContain('developer: ');
    expect(fixture.model.requests[2]?.turnMetadata).toMatchObject({ window_id: `${THREAD_ID}:1` });
  });
});
