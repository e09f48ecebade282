import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, isEnd, shown } from '../../fixtures/thread.ts';
import { turn } from '../../fixtures/thread-events.ts';
import { createAgent } from './create-agent.ts';
import type { Agent, AgentOptions } from './agent.ts';
import { createScriptedModel } from './model/scripted/model.ts';
import type { ScriptedModel } from './model/scripted/model.ts';
import { scriptedProvider } from './model/scripted/provider.ts';
import type { ScriptedResponse } from './model/scripted/script.ts';
import { AgentStartError } from './start-error.ts';

let home: string;
let cwd: string;
const agents: Agent[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stethos-agent-home-'));
  cwd = mkdtempSync(join(tmpdir(), 'stethos-agent-work-'));
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close()));
  for (const folder of [home, cwd]) rmSync(folder, { recursive: true, force: true });
});

function agentWith(
  responses: readonly ScriptedResponse[],
  options: AgentOptions = {},
): { readonly agent: Agent; readonly model: ScriptedModel } {
  const model = createScriptedModel({ responses });
  const agent = createAgent({
    home,
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, SHELL: '/bin/bash' },
    overrides: { set: ['sandbox_mode="danger-full-access"'], enable: [], disable: [] },
    entryPoint: 'exec',
    provider: { provider: scriptedProvider(), createClient: () => model },
    ...options,
  });
  agents.push(agent);
  return { agent, model };
}

const rollouts = (): string[] =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jsonl'));

describe('the agent', () => {
  it('works in real files with real tools, and leaves a rollout behind', async () => {
    const { agent, model } = agentWith([
      { output: [call('c1', 'exec_command', { cmd: 'echo hi > made.txt && cat made.txt' })] },
      { output: ['done'] },
    ]);
    const thread = await agent.startThread();
    const told = await turn(thread, 'make it');
    expect(told.at(-1)).toMatchObject({ type: 'task_complete', last_agent_message: 'done' });
    expect(readFileSync(join(cwd, 'made.txt'), 'utf8')).toBe('hi\n');
    expect(shown(model.requests[1]?.input ?? []).at(-1)).toContain('Process exited with code 0');
    await thread.shutdown();
    const [path = ''] = rollouts();
    expect(path).toContain(thread.id);
    const types = readFileSync(join(home, path), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly type: string }).type);
    expect(types[0]).toBe('session_meta');
    expect(types).toContain('turn_context');
  });

  it('shows the model its tools in one order', async () => {
    const { agent, model } = agentWith([{ output: ['done'] }]);
    await turn(await agent.startThread(), 'hello');
    expect(model.requests[0]?.tools.map((tool) => ('name' in tool ? tool.name : tool.type))).toEqual([
      'exec_command',
      'write_stdin',
      'update_plan',
      'request_user_input',
      'apply_patch',
      'view_image',
    ]);
  });

  it('follows the model with its tools, which stay the same to the byte for one model', async () => {
    const model = createScriptedModel({ responses: [{ output: ['done'], repeat: true }] });
    const plain = { supportsImageInput: false, applyPatch: 'function' } as const;
    const provider = scriptedProvider();
    const { agent } = agentWith([], {
      provider: {
        provider: {
          ...provider,
          modelInfo: (slug) => ({ ...provider.modelInfo(slug), ...(slug === 'plain' && plain) }),
        },
        createClient: () => model,
      },
    });
    const thread = await agent.startThread({ settings: { model: 'rich' } });
    await turn(thread, 'a');
    thread.submit({ type: 'thread_settings', settings: { model: 'plain' } });
    await turn(thread, 'b');
    thread.submit({ type: 'thread_settings', settings: { model: 'rich' } });
    await turn(thread, 'c');
    const [first, second, third] = model.requests.map(({ tools }) => tools);
    expect(JSON.stringify(third)).toBe(JSON.stringify(first));
    expect(first).toContainEqual(expect.objectContaining({ name: 'apply_patch', type: 'custom' }));
    expect(second).toContainEqual(expect.objectContaining({ name: 'apply_patch', type: 'function' }));
    expect(second).not.toContainEqual(expect.objectContaining({ name: 'view_image' }));
  });

  it('keeps the instructions that a thread began with, unless the configuration has its own', async () => {
    const first = agentWith([{ output: ['done'] }]).agent;
    const thread = await first.startThread();
    await turn(thread, 'go');
    await first.close();
    const [path = ''] = rollouts();
    const text = readFileSync(join(home, path), 'utf8');
    const instructions = /"base_instructions":\{"text":("(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? '';
    writeFileSync(join(home, path), text.replace(instructions, '"You are a nurse."'));

    const { agent, model } = agentWith([{ output: ['done'], repeat: true }]);
    await turn(await agent.resumeThread(thread.id), 'go on');
    await turn(await agent.forkThread(thread.id), 'beside it');
    await turn(await agent.startThread(), 'anew');
    expect(model.requests.map((request) => request.instructions)).toEqual([
      'You are a nurse.',
      'You are a nurse.',
      JSON.parse(instructions),
    ]);
    const own = ['model_instructions_file="own.md"', 'sandbox_mode="danger-full-access"'];
    writeFileSync(join(cwd, 'own.md'), 'You are a surgeon.');
    const told = agentWith([{ output: ['done'] }], {
      overrides: { set: own, enable: [], disable: [] },
    });
    await agent.close();
    await turn(await told.agent.resumeThread(thread.id), 'again');
    expect(told.model.requests[0]?.instructions).toBe('You are a surgeon.');
  });

  it('puts on record which commit of which repository it began with', async () => {
    const commit = 'ab'.repeat(20);
    const git = join(cwd, '.git');
    for (const folder of ['objects', 'refs/heads']) mkdirSync(join(git, folder), { recursive: true });
    writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(git, 'refs/heads/main'), `${commit}\n`);
    // With a filter git is not asked for changes, so that the look at the folder is over before any command.
    writeFileSync(
      join(git, 'config'),
      '[filter "x"]\nclean = cat\n[remote "origin"]\nurl = https://ann:hush@example.test/r.git\n',
    );
    const { agent, model } = agentWith([
      { output: [call('c1', 'exec_command', { cmd: 'true' })] },
      { output: ['done'] },
    ]);
    const thread = await agent.startThread();
    await turn(thread, 'go');
    await thread.shutdown();
    const [path = ''] = rollouts();
    const [first = ''] = readFileSync(join(home, path), 'utf8').split('\n');
    const remote = 'https://example.test/r.git';
    expect(JSON.parse(first)).toMatchObject({
      payload: { git: { commit_hash: commit, branch: 'main', repository_url: remote } },
    });
    expect(model.requests[1]?.turnMetadata).toMatchObject({
      workspaces: {
        [cwd]: { associated_remote_urls: { origin: remote }, latest_git_commit_hash: commit },
      },
    });
  });

  it('resumes a thread in its file, and forks one into another', async () => {
    const { agent } = agentWith([{ output: ['one'] }]);
    const first = await agent.startThread();
    await turn(first, 'the first prompt');
    await first.shutdown();

    const later = agentWith([{ output: ['two'] }, { output: ['three'] }]);
    const resumed = await later.agent.resumeThread(first.id);
    expect(resumed.id).toBe(first.id);
    expect(resumed.rolloutPath).toBe(first.rolloutPath);
    await turn(resumed, 'the second prompt');
    expect(shown(later.model.requests[0]?.input ?? [])).toContain('user: the first prompt');
    await resumed.shutdown();

    const forked = await later.agent.forkThread(first.id, { beforePrompt: 1 });
    expect(forked.id).not.toBe(first.id);
    expect(forked.sessionId).toBe(forked.id);
    await turn(forked, 'another second prompt');
    const told = shown(later.model.requests[1]?.input ?? []);
    expect(told).toContain('user: the first prompt');
    expect(told).not.toContain('user: the second prompt');
    await forked.shutdown();

    const listed = await later.agent.listThreads({ limit: 10, signal: new AbortController().signal });
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set([first.id, forked.id]));
  });

  it('leaves nothing on disk for a thread that is to leave nothing', async () => {
    const { agent } = agentWith([{ output: ['done'] }]);
    const thread = await agent.startThread({ isEphemeral: true });
    await turn(thread, 'hello');
    await agent.close();
    expect(thread.rolloutPath).toBeUndefined();
    expect(readdirSync(home)).toEqual([]);
  });

  it('lets a client run its own tool', async () => {
    const { agent, model } = agentWith([
      { output: [call('c1', 'weather', { place: 'Ulm' })] },
      { output: ['sunny'] },
    ]);
    const thread = await agent.startThread({
      dynamicTools: [{ name: 'weather', description: 'Weather.', inputSchema: { type: 'object' } }],
    });
    thread.subscribe(({ msg }) => {
      if (msg.type === 'dynamic_tool_call_request')
        thread.submit({
          type: 'dynamic_tool_response',
          id: msg.call_id,
          success: true,
          contentItems: [{ type: 'inputText', text: '21 degrees' }],
        });
    });
    await turn(thread, 'how is it?');
    expect(shown(model.requests[1]?.input ?? []).at(-1)).toContain('21 degrees');
  });

  it('keeps the tools of a client in forks of a thread, and in what goes on from those', async () => {
    const { agent, model } = agentWith([{ output: ['done'], repeat: true }]);
    const thread = await agent.startThread({
      dynamicTools: [{ name: 'weather', description: 'Weather.', inputSchema: { type: 'object' } }],
    });
    await turn(thread, 'one');
    const fork = await agent.forkThread(thread.id);
    await turn(fork, 'two');
    await fork.shutdown();
    await turn(await agent.resumeThread(fork.id), 'three');
    const [first, ...later] = model.requests.map(({ tools }) => JSON.stringify(tools));
    expect(first).toContain('"weather"');
    expect(later).toEqual([first, first]);
  });

  it('applies a patch that comes as a shell command', async () => {
    const patch = ['*** Begin Patch', '*** Add File: new.txt', '+hello', '*** End Patch'].join('\n');
    const { agent } = agentWith([
      { output: [call('c1', 'exec_command', { cmd: `apply_patch <<'EOF'\n${patch}\nEOF` })] },
      { output: ['done'] },
    ]);
    const told = await turn(await agent.startThread(), 'patch it');
    expect(existsSync(join(cwd, 'new.txt'))).toBe(true);
    expect(told.map(({ type }) => type)).toContain('patch_apply_end');
  });

  it('runs a command of the user, which the model then knows of', async () => {
    const { agent, model } = agentWith([{ output: ['seen'] }]);
    const thread = await agent.startThread();
    const events = thread.events();
    thread.submit({ type: 'run_user_shell_command', command: 'echo from the user' });
    for await (const { msg } of events) if (isEnd(msg)) break;
    await turn(thread, 'what was it?');
    expect(shown(model.requests[0]?.input ?? []).join('\n')).toContain('from the user');
  });

  it.each([
    ['a configuration that is broken', 'config.toml', 'model = ['],
    ['rules that cannot be read, where nobody is there', 'rules/default.rules', 'prefix_rule('],
  ])('does not start on %s', (_what, file, content) => {
    mkdirSync(join(home, dirname(file)), { recursive: true });
    writeFileSync(join(home, file), content);
    expect(() => agentWith([])).toThrow(AgentStartError);
  });

  it('starts no thread without a server that it needs', async () => {
    writeFileSync(join(home, 'config.toml'), '[mcp_servers.needed]\ncommand = "false"\nrequired = true\n');
    const { agent } = agentWith([]);
    const starting = agent.startThread();
    await expect(starting).rejects.toThrow(AgentStartError);
    await expect(starting).rejects.toThrow(/required MCP servers did not start: needed/);
  });
});
