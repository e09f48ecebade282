import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { put, rolloutPlace, threadId } from '../../fixtures/rollouts.ts';
import { isEnd, prompt } from '../../fixtures/thread.ts';
import type { Agent } from './agent.ts';
import { createAgent } from './create-agent.ts';
import type { JsonObject } from '../host/json.ts';
import type { EventMsg } from './protocol/event.ts';
import type { ResponseItem } from './protocol/item.ts';
import { scriptedAgentModel } from './scripted-agent-model.ts';
import { ThreadNotFound } from './thread/thread-errors.ts';
import type { AgentThread } from './thread/thread.ts';

interface Place {
  readonly agent: Agent;
  /** Around the home: nothing may come here. */
  readonly around: string;
  readonly home: string;
}

/** An agent whose home and working folder are the only things in their folder. */
async function place(responses: readonly object[], config = ''): Promise<Place> {
  const around = temporaryHome({ 'work/notes.md': '', 'home/config.toml': config });
  const home = join(around, 'home');
  const agent = createAgent({
    home,
    cwd: join(around, 'work'),
    env: { PATH: process.env['PATH'], HOME: around },
    entryPoint: 'exec',
    overrides: { set: ['sandbox_mode="danger-full-access"'], enable: [], disable: [] },
    provider: await scriptedAgentModel(JSON.stringify({ responses })),
  });
  onTestFinished(() => agent.close());
  return { agent, around, home };
}

async function turn(thread: AgentThread): Promise<readonly EventMsg[]> {
  const told: EventMsg[] = [];
  const events = thread.events();
  thread.submit(prompt('go'));
  for await (const { msg } of events) {
    told.push(msg);
    if (isEnd(msg)) break;
  }
  return told;
}

const says = (text: string): object => ({
  output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }],
});

const meta = (id: string, more: JsonObject = {}): string =>
  `${JSON.stringify({
    timestamp: '2026-11-20T07:41:40.297Z',
    type: 'session_meta',
    payload: { id, timestamp: '2026-11-20T07:41:40.297Z', cwd: '/', model_provider: 'scripted', ...more },
  })}\n`;

describe('ids and names that lead out of the home', () => {
  it.each([
    '../../work/notes',
    '../config.toml',
    '/etc/passwd',
    '',
    '.',
    '..',
    '\0',
    '%2e%2e%2f',
    '__proto__',
    'constructor',
    `${threadId(1)}/../x`,
  ])('resume %j', async (id) => {
    const { agent, around } = await place([]);
    await expect(agent.resumeThread(id)).rejects.toThrow(ThreadNotFound);
    await expect(agent.forkThread(id)).rejects.toThrow(ThreadNotFound);
    expect(readdirSync(around).toSorted()).toEqual(['home', 'work']);
  });

  it('in a session file, also where the file of names agrees', async () => {
    const { agent, around, home } = await place([says('done')]);
    const evil = '../../work/evil';
    put(home, rolloutPlace({ id: threadId(1) }), meta(evil));
    writeFileSync(
      join(home, 'session_index.jsonl'),
      `${JSON.stringify({ id: evil, thread_name: threadId(1), updated_at: '2026-11-20T07:41:40Z' })}\n`,
    );
    await expect(agent.resumeThread(threadId(1))).rejects.toThrow(ThreadNotFound);
    await expect(agent.resumeThread(evil)).rejects.toThrow(ThreadNotFound);
    expect(await agent.listThreads({ limit: 9, signal: new AbortController().signal })).toEqual([]);
    expect(readdirSync(join(around, 'work'))).toEqual(['notes.md']);
  });

  it('as the beginning of a history', async () => {
    const { agent, home, around } = await place([says('done')]);
    writeFileSync(join(around, 'work/stolen.jsonl'), meta(threadId(7)));
    const base = { thread_id: '../../../../../work/stolen' };
    put(home, rolloutPlace({ id: threadId(1) }), meta(threadId(1), { history_base: base }));
    await expect(agent.resumeThread(threadId(1))).rejects.toThrow(ThreadNotFound);
  });

  it('of a picture', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
    const ids = ['../../../work/a', '/work/b', '..', 'c\u0000d', '__proto__'];
    const pictures = ids.map((id) => ({
      type: 'image_generation_call',
      id,
      status: 'completed',
      result: png,
    }));
    const { agent, around, home } = await place([
      { output: [...pictures, ...(says('x') as { output: [] }).output] },
    ]);
    await turn(await agent.startThread());
    expect(readdirSync(join(around, 'work'))).toEqual(['notes.md']);
    const [thread = ''] = readdirSync(join(home, 'imagegen'));
    expect(readdirSync(join(home, 'imagegen', thread)).toSorted()).toEqual(
      ['_________work_a', '_work_b', '__', 'c_d', '__proto__'].map((name) => `${name}.png`).toSorted(),
    );
  });
});

const polluting = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
const isClean = (): boolean => !('polluted' in {}) && !('polluted' in Function.prototype);
const call = (name: string, id: string): object => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: polluting,
});

describe('keys that other programs fall for', () => {
  it('in the arguments of tools, in items of the provider and in the configuration', async () => {
    const names = ['exec_command', 'update_plan', 'view_image', 'write_stdin', '__proto__', 'toString'];
    const item = JSON.parse(
      '{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x"}],"__proto__":{"polluted":true}}',
    ) as ResponseItem;
    const { agent, home } = await place(
      [{ output: names.map((name, index) => call(name, `call_${index}`)) }, { output: [item] }],
      '[__proto__]\npolluted = true\n[model_providers.__proto__]\nname = "P"\npolluted = true\n[mcp_servers.__proto__]\ncommand = "false"\n',
    );
    const told = await turn(await agent.startThread());
    expect(told.at(-1)).toMatchObject({ type: 'task_complete', last_agent_message: 'x' });
    expect(isClean()).toBe(true);
    const [file = ''] = readdirSync(join(home, 'sessions'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.jsonl'),
    );
    expect(readFileSync(join(home, 'sessions', file), 'utf8')).toContain('call_5');
  });

  it('in a tool of the client and in a session that is resumed', async () => {
    const { agent } = await place([says('done')]);
    const schema = JSON.parse(`{"type":"object","properties":${polluting}}`) as JsonObject;
    const dynamicTools = [{ name: 'ask', description: 'Asks.', inputSchema: schema }];
    const thread = await agent.startThread({ dynamicTools });
    await turn(thread);
    await thread.shutdown();
    const path = thread.rolloutPath ?? '';
    const lines = [
      'response_item',
      'event_msg',
      'turn_context',
      'compacted',
      '__proto__',
      'session_meta',
    ].map(
      (type) => `{"type":"${type}","payload":{"type":"__proto__","__proto__":{"polluted":true,"id":"x"}}}`,
    );
    const nonsense = [
      '[]',
      'null',
      '{"type":"compacted","payload":{"replacement_history":{}}}',
      '{'.repeat(9_999),
    ];
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${readFileSync(path, 'utf8')}${[...lines, ...nonsense].join('\n')}\n`);
    const resumed = await agent.resumeThread(thread.id);
    expect((await turn(resumed)).at(-1)).toMatchObject({ last_agent_message: 'done' });
    expect(isClean()).toBe(true);
  });
});
