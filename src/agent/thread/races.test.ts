import { describe, expect, it } from 'vitest';
import { modelThat } from '../../../fixtures/model-client.ts';
import { call, prompt, shown, threadFixture, tool } from '../../../fixtures/thread.ts';
import { gate } from '../../../fixtures/thread-events.ts';
import type { ModelClient } from '../model/client.ts';

const usage = {
  input_tokens: 900,
  cached_input_tokens: 0,
  output_tokens: 100,
  reasoning_output_tokens: 0,
  total_tokens: 1000,
};

const silentModel = (): ModelClient =>
  modelThat(() => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }));

describe('input that comes while a turn runs', () => {
  it('waits for the second request when it comes before the first', async () => {
    const fixture = threadFixture({ responses: [{ output: ['one'] }, { output: ['two'] }] });
    const ended = fixture.say('go');
    fixture.thread.submit(prompt('and this'));
    await ended;
    const [first, second] = fixture.model.requests.map(({ input }) => shown(input));
    expect(first).not.toContain('user: and this');
    expect(second?.at(-1)).toBe('user: and this');
  });

  it('waits behind a compaction until the model has gone on with what it was at', async () => {
    const go = gate();
    const fixture = threadFixture({
      responses: [
        { output: [call('c1', 'look')], usage },
        { output: ['the note'], usage },
        { output: ['went on'] },
        { output: ['heard it'] },
      ],
      tools: [tool('look', () => go.opened.then(() => ({ content: 'seen', success: true })))],
      config: { autoCompactTokenLimit: 1000 },
    });
    const ended = fixture.say('go');
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit(prompt('and this'));
    go.open();
    await ended;
    const [, , third, fourth] = fixture.model.requests.map(({ input }) => shown(input));
    expect(third).not.toContain('user: and this');
    expect(fourth?.at(-1)).toBe('user: and this');
  });

  it('opens a turn of its own once the one before has failed, also while that is written down', async () => {
    const written = gate();
    const flushing = gate();
    const fixture = threadFixture({
      responses: [{ fails: { kind: 'quota_exceeded' } }, { output: ['two'] }],
      recorder: {
        flush: () => {
          flushing.open();
          return written.opened;
        },
      },
    });
    const failed = fixture.thread.submit(prompt('go'));
    await flushing.opened;
    const next = fixture.thread.submit(prompt('again'));
    expect(next).not.toBe(failed);
    written.open();
    expect(await fixture.until('task_complete', 2)).toMatchObject({
      turn_id: next,
      last_agent_message: 'two',
    });
  });
});

describe('an interrupt', () => {
  it('ends a turn that was only still being written down', async () => {
    const written = gate();
    const flushing = gate();
    const fixture = threadFixture({
      responses: [{ output: ['done'] }],
      recorder: {
        flush: () => {
          flushing.open();
          return written.opened;
        },
      },
      world: { wait: () => new Promise(() => undefined) },
    });
    fixture.thread.submit(prompt('go'));
    await flushing.opened;
    fixture.thread.submit({ type: 'interrupt' });
    written.open();
    expect(await fixture.until('turn_aborted')).toMatchObject({ reason: 'interrupted' });
    expect(fixture.messages.map(({ type }) => type)).not.toContain('task_complete');
  });

  it('does not wait for what does not listen to it, beyond its grace', async () => {
    const fixture = threadFixture({ model: silentModel() });
    fixture.thread.submit(prompt('go'));
    await fixture.until('raw_response_item', 3);
    fixture.thread.submit({ type: 'interrupt' });
    await fixture.until('turn_aborted');
    expect(fixture.waits).toContain(100);
  });

  it('is told only when everything is on disk', async () => {
    const written = gate();
    const flushing = gate();
    const fixture = threadFixture({
      model: silentModel(),
      recorder: {
        flush: () => {
          flushing.open();
          return written.opened;
        },
      },
    });
    fixture.thread.submit(prompt('go'));
    await fixture.until('raw_response_item', 3);
    fixture.thread.submit({ type: 'interrupt' });
    await flushing.opened;
    expect(JSON.stringify(fixture.lines.at(-1))).toContain('<turn_aborted>');
    expect(fixture.messages.map(({ type }) => type)).not.toContain('turn_aborted');
    written.open();
    await fixture.until('turn_aborted');
  });
});

describe('a rollback', () => {
  it('may be asked for by whoever hears of the end of a turn, and takes the turn away', async () => {
    const fixture = threadFixture({ responses: [{ output: ['one'] }, { output: ['two'] }] });
    const stop = fixture.thread.subscribe(({ msg }) => {
      if (msg.type === 'task_complete') fixture.thread.submit({ type: 'thread_rollback', numTurns: 1 });
    });
    await fixture.say('forget me');
    stop();
    await fixture.until('thread_rolled_back');
    expect(fixture.messages.map(({ type }) => type)).not.toContain('error');
    await fixture.say('again');
    expect(shown(fixture.model.requests[1]?.input ?? [])).not.toContain('user: forget me');
  });

  it('tells the context again that it took away', async () => {
    const fixture = threadFixture({
      responses: [{ output: ['one'] }, { output: ['two'] }, { output: ['three'] }],
    });
    await fixture.say('a');
    fixture.thread.submit({ type: 'thread_settings', settings: { cwd: '/elsewhere' } });
    await fixture.say('b');
    fixture.thread.submit({ type: 'thread_rollback', numTurns: 2 });
    await fixture.say('c');
    const told = shown(fixture.model.requests[2]?.input ?? []);
    expect(told.at(-1)).toBe('user: c');
    expect(told.at(-2)).toContain('<cwd>/elsewhere</cwd>');
  });
});

describe('a compaction', () => {
  it('tells the transport that the window is another one', async () => {
    let windows = 0;
    const model: ModelClient = {
      ...silentModel(),
      advanceWindow: () => void (windows += 1),
      compact: async () => [],
    };
    const fixture = threadFixture({ model });
    fixture.thread.submit({ type: 'compact' });
    await fixture.until('task_complete');
    expect(windows).toBe(1);
  });
});
