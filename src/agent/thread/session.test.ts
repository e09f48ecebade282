import { describe, expect, it } from 'vitest';
import { call, isEnd, prompt, shown, threadFixture, tool } from '../../../fixtures/thread.ts';
import { gate, only, refusal, types } from '../../../fixtures/thread-events.ts';
import { NO_USAGE } from '../protocol/usage.ts';

describe('a session', () => {
  it('ends with shutdown_complete, and refuses everything then', async () => {
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'hang')] }],
      tools: [tool('hang', () => new Promise(() => undefined))],
    });
    const order: string[] = [];
    fixture.thread.submit(prompt('run'));
    await fixture.until('raw_response_item', 4);
    await fixture.thread.shutdown();
    order.push(...types(fixture.messages).slice(-2));
    expect(order).toEqual(['turn_aborted', 'shutdown_complete']);
    expect(refusal(() => fixture.thread.submit(prompt('more')))).toEqual({ kind: 'shut_down' });
  });

  it('replaces the turn that runs when another kind of turn is asked for', async () => {
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'hang')] }, { output: ['note'] }],
      tools: [tool('hang', () => new Promise(() => undefined))],
    });
    fixture.thread.submit(prompt('run'));
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit({ type: 'compact' });
    expect(await fixture.until('turn_aborted')).toMatchObject({ reason: 'replaced' });
    expect(await fixture.until('task_complete')).not.toHaveProperty('error');
  });

  it('hears, in the same turn, what was said while it flushed', async () => {
    let flushes = 0;
    const fixture = threadFixture({
      responses: [{ output: ['one'] }, { output: ['two'] }],
      recorder: {
        flush: async () => {
          flushes += 1;
          if (flushes === 1) fixture.thread.submit(prompt('late'));
        },
      },
    });
    expect(await fixture.say('early')).toMatchObject({ last_agent_message: 'two' });
    expect(fixture.messages.filter(isEnd)).toHaveLength(1);
  });

  it('keeps a prompt that was steered into a turn which then failed', async () => {
    const go = gate();
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'wait')] }, { output: ['heard'] }],
      tools: [
        tool('wait', async () => {
          await go.opened;
          throw new Error('a bug');
        }),
      ],
    });
    const ended = fixture.say('run');
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit(prompt('do not forget'));
    go.open();
    expect(await ended).toMatchObject({ error: { kind: 'other' } });
    await fixture.say('again');
    const told = shown(fixture.model.requests[1]?.input ?? []);
    expect(told).toContain('user: do not forget');
    expect(told).toContain('c1 -> wait failed: a bug');
  });

  it('keeps a prompt whose turn ends in the compaction before it', async () => {
    const fixture = threadFixture({
      config: { autoCompactTokenLimit: 100 },
      responses: [
        { output: ['one'], usage: { ...NO_USAGE, input_tokens: 500, total_tokens: 500 } },
        { fails: { kind: 'quota_exceeded' } },
        { output: ['note'] },
        { output: ['heard'] },
      ],
    });
    await fixture.say('first');
    expect(await fixture.say('do not forget')).toMatchObject({ error: { kind: 'usage_limit_exceeded' } });
    await fixture.say('again');
    const told = shown(fixture.model.requests.at(-1)?.input ?? []);
    expect(told).toContain('user: do not forget');
    expect(told.indexOf('user: do not forget')).toBeLessThan(told.indexOf('user: again'));
    expect(only(fixture.messages, 'user_message').map(({ message }) => message)).toEqual([
      'first',
      'do not forget',
      'again',
    ]);
  });

  it('keeps a prompt, once, that was interrupted while its picture was read', async () => {
    const [begun, reading] = [gate(), gate()];
    let reads = 0;
    const fixture = threadFixture({
      responses: [{ output: ['heard'] }],
      world: {
        loadImage: async () => {
          reads += 1;
          begun.open();
          if (reads === 1) await reading.opened;
          return { type: 'input_image', image_url: 'data:image/png;base64,AA==' };
        },
      },
    });
    fixture.thread.submit({
      type: 'user_input',
      items: [
        { type: 'text', text: 'look' },
        { type: 'local_image', path: '/p.png' },
      ],
    });
    await begun.opened;
    fixture.thread.submit({ type: 'interrupt' });
    await fixture.until('turn_aborted');
    reading.open();
    await fixture.say('again');
    const told = shown(fixture.model.requests[0]?.input ?? []);
    expect(told.filter((line) => line === 'user: look | [input_image]')).toHaveLength(1);
  });

  it('goes on when the disk refuses, and says so once', async () => {
    const fixture = threadFixture({
      responses: [{ output: ['one'] }],
      recorder: { append: async () => Promise.reject(new Error('disk full')) },
    });
    expect(await fixture.say('hello')).toMatchObject({ last_agent_message: 'one' });
    expect(only(fixture.messages, 'warning')).toHaveLength(1);
  });

  it('runs a command of the user, and the model hears of it', async () => {
    const fixture = threadFixture({
      responses: [{ output: ['seen'] }],
      makeTools: () => ({
        runUserShell: async () => '<user_shell_command>on branch main',
      }),
    });
    fixture.thread.submit({ type: 'run_user_shell_command', command: 'git status' });
    await fixture.until('task_complete');
    await fixture.say('what is it?');
    expect(shown(fixture.model.requests[0]?.input ?? []).join('\n')).toContain('on branch main');
  });

  it('keeps what came of a command of the user that the end of the thread cut off', async () => {
    const [waiting, cut] = [gate(), gate()];
    const said: string[] = [];
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'wait')] }, { output: ['done'] }],
      tools: [
        tool('wait', async () => {
          await waiting.opened;
          return { content: '', success: true };
        }),
      ],
      recorder: {
        append: async (...lines) => void said.push(JSON.stringify(lines)),
        close: async () => void said.push('closed'),
      },
      makeTools: () => ({
        runUserShell: async () => {
          await cut.opened;
          // It still reads what the command printed.
          await new Promise((resolve) => void setImmediate(resolve));
          return '<user_shell_command>cut off';
        },
        close: async () => cut.open(),
      }),
    });
    const ended = fixture.say('run');
    await fixture.until('raw_response_item', 4);
    fixture.thread.submit({ type: 'run_user_shell_command', command: 'sleep 60' });
    waiting.open();
    await ended;
    await fixture.thread.shutdown();
    expect(said.at(-1)).toBe('closed');
    expect(said.join()).toContain('cut off');
  });

  it('tells the context once, and then only what has changed', async () => {
    const fixture = threadFixture({
      responses: [{ output: ['one'] }, { output: ['two'] }, { output: ['three'] }],
      config: { userInstructions: 'Use tabs.' },
    });
    await fixture.say('a');
    await fixture.say('b');
    fixture.thread.submit({ type: 'thread_settings', settings: { cwd: '/elsewhere' } });
    await fixture.say('c');
    const told = shown(fixture.model.requests[2]?.input ?? []);
    expect(told.filter((line) => line.includes('<environment_context>'))).toHaveLength(2);
    expect(told.filter((line) => line.includes('Use tabs.'))).toHaveLength(1);
    expect(told.at(-2)).toContain('<cwd>/elsewhere</cwd>');
    expect(types(fixture.messages)).toContain('thread_settings_applied');
  });

  it('sends the same tools and the same beginning with every request', async () => {
    const fixture = threadFixture({
      responses: [{ output: [call('c1', 'look')] }, { output: ['done'] }],
      tools: [
        tool('look', async () => ({ content: 'seen', success: true })),
        tool('other', async () => ({ content: '', success: true })),
      ],
    });
    await fixture.say('go');
    const [first, second] = fixture.model.requests;
    expect(JSON.stringify(second?.tools)).toBe(JSON.stringify(first?.tools));
    expect(second?.input.slice(0, first?.input.length)).toEqual(first?.input);
  });
});
