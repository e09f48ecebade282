import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startMcpServer } from '../../../fixtures/lab/mcp-server.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import { createNetwork } from '../../net/network.ts';
import type { Guard, Permission } from '../policy/guard.ts';
import type { EventMsg } from '../protocol/event.ts';
import { sessionId, threadId, turnId } from '../protocol/ids.ts';
import { ToolFailure } from '../tools/tool.ts';
import type { Tool, ToolContext, ToolResult } from '../tools/tool.ts';
import { createMcpConnect } from './connect.ts';
import { connectMcpServers } from './connections.ts';
import type { McpConnections, McpStartup } from './connections.ts';

const SERVER = join(import.meta.dirname, '../../../fixtures/programs/mcp-server.cjs');
const RUN: Permission = { kind: 'run', sandbox: { type: 'danger-full-access' }, wasAsked: false };

/** A server of the configuration that is the scripted program. */
const scripted = (name: string, behaviour: string, more = ''): string =>
  `[mcp_servers.${name}]\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(SERVER)}, "${behaviour}"]\n${more}\n`;

interface Rig {
  readonly connections: McpConnections;
  readonly events: EventMsg[];
  /** What the guard was asked. */
  readonly asked: object[];
}

function connect(config: string, permission: Permission = RUN): Rig {
  const home = temporaryHome({ 'config.toml': config });
  const { target } = testContext({ home, env: { PATH: process.env['PATH'] ?? '' } });
  const events: EventMsg[] = [];
  const asked: object[] = [];
  const guard: Pick<Guard, 'permitMcpTool'> = {
    permitMcpTool: (request) => {
      asked.push(request);
      return Promise.resolve(permission);
    },
  };
  const connections = connectMcpServers({
    servers: target.mcp().servers.filter(({ enabled }) => enabled),
    connect: createMcpConnect({
      target,
      files,
      network: createNetwork({
        environment: () => ({ values: {}, originOf: () => undefined }),
        caVariables: [],
        files,
        cwd: home,
      }),
      client: { name: 'stethos', version: '0' },
      nowMs: () => systemClock.now(),
    }),
    guard: guard as Guard,
    emit: (msg) => events.push(msg),
    elapsedMs: () => systemClock.elapsed(),
    elicit: () => () => Promise.resolve({ action: 'cancel' }),
  });
  onTestFinished(() => connections.close());
  return { connections, events, asked };
}

function call(
  startup: McpStartup,
  name: string,
  { argumentText = '{}', signal = new AbortController().signal, supportsImageInput = true } = {},
): {
  readonly result: Promise<ToolResult>;
  readonly events: EventMsg[];
} {
  const tool = startup.tools.find((candidate: Tool) => candidate.name === name);
  if (!tool) throw new Error(`no tool ${name} among ${startup.tools.map((each) => each.name).join(' ')}`);
  const events: EventMsg[] = [];
  const context: ToolContext = {
    threadId: threadId('t'),
    sessionId: sessionId('s'),
    turnId: turnId('u'),
    model: { supportsImageInput } as ToolContext['model'],
    cwd: '/',
    approvalPolicy: 'never',
    sandboxPolicy: { type: 'danger-full-access' },
    isFeatureOn: () => false,
    turnMetadata: () => ({ turn_id: 'u', run: '7' }),
    emit: (msg) => events.push(msg),
    signal,
  };
  return {
    result: tool.handle(
      { callId: 'c', name, payload: { kind: 'function', arguments: argumentText } },
      context,
    ),
    events,
  };
}

const textOf = ({ content }: ToolResult): string =>
  typeof content === 'string'
    ? content
    : content.map((item) => (item.type === 'input_text' ? item.text : '<image>')).join('|');

test('32, 34: the server gets its own name of the tool, and the metadata of the turn', async () => {
  const startup = await connect(scripted('my-srv', 'tools')).connections.started();
  expect(startup.tools.map(({ name, parallel }) => [name, parallel])).toEqual([
    ['mcp__my_srv__fail', false],
    ['mcp__my_srv__get_item', true],
    ['mcp__my_srv__hang', false],
    ['mcp__my_srv__picture', false],
    ['mcp__my_srv__structured', false],
  ]);
  const { result, events } = call(startup, 'mcp__my_srv__get_item', { argumentText: '{"id":1}' });
  const answer = await result;
  expect(textOf(answer)).toMatch(/^Wall time: \d+\.\d{4} seconds\nOutput:\n\{/);
  expect(JSON.parse(textOf(answer).split('\n').at(-1) ?? '')).toEqual({
    name: 'get-item',
    arguments: { id: 1 },
    _meta: { 'x-codex-turn-metadata': { turn_id: 'u', run: '7' } },
  });
  expect(events.map(({ type }) => type)).toEqual(['mcp_tool_call_begin', 'mcp_tool_call_end']);
});

test('an answer that says that it failed is an answer', async () => {
  const startup = await connect(scripted('s', 'tools')).connections.started();
  const { result, events } = call(startup, 'mcp__s__fail');
  const answer = await result;
  expect(answer.success).toBe(false);
  expect(textOf(answer)).toContain('there is no such item');
  expect(events.at(-1)).toMatchObject({ result: { Ok: { isError: true } } });
});

test('pictures go to models that can look at them', async () => {
  const startup = await connect(scripted('s', 'tools')).connections.started();
  const seen = await call(startup, 'mcp__s__picture').result;
  expect(seen.content).toContainEqual({ type: 'input_image', image_url: 'data:image/png;base64,aGk=' });
  const blind = await call(startup, 'mcp__s__picture', { supportsImageInput: false }).result;
  expect(textOf(blind)).toContain('cannot look at');
});

test('structured content is what the model is told', async () => {
  const startup = await connect(scripted('s', 'tools')).connections.started();
  expect(textOf(await call(startup, 'mcp__s__structured').result)).toMatch(/\n\{"items":1\}$/);
});

test.each([
  ['{', /no JSON/],
  ['[1]', /not a JSON object/],
])('arguments %s go to no server', async (argumentText, message) => {
  const startup = await connect(scripted('s', 'tools')).connections.started();
  await expect(call(startup, 'mcp__s__get_item', { argumentText }).result).rejects.toThrow(message);
});

test('a tool that does not answer in time, and one that is interrupted, are failures that the model is told', async () => {
  const startup = await connect(scripted('s', 'tools', 'tool_timeout_sec = 0.2')).connections.started();
  const late = call(startup, 'mcp__s__hang');
  await expect(late.result).rejects.toThrow(/did not answer within 200 ms/);
  expect(late.events.at(-1)).toMatchObject({
    type: 'mcp_tool_call_end',
    result: { Err: expect.any(String) },
  });
  const interrupt = new AbortController();
  const interrupted = call(startup, 'mcp__s__hang', { signal: interrupt.signal });
  interrupt.abort();
  await expect(interrupted.result).rejects.toBeInstanceOf(ToolFailure);
});

test('a refusal reaches no server', async () => {
  const config = scripted(
    's',
    'tools',
    'default_tools_approval_mode = "prompt"\ntools.fail.approval_mode = "approve"',
  );
  const { connections, asked } = connect(config, { kind: 'refused', message: 'The user said no.' });
  const startup = await connections.started();
  const { result, events } = call(startup, 'mcp__s__get_item');
  await expect(result).rejects.toThrow('The user said no.');
  expect(events.at(-1)).toMatchObject({ result: { Err: 'The user said no.' } });
  await expect(call(startup, 'mcp__s__fail').result).rejects.toThrow(ToolFailure);
  expect(asked).toMatchObject([
    { server: 's', tool: 'get-item', annotations: { readOnlyHint: true }, mode: 'prompt' },
    { tool: 'fail', annotations: {}, mode: 'approve' },
  ]);
});

test('servers start side by side, and one that fails costs its own tools alone', async () => {
  await using http = await startMcpServer();
  const { connections, events } = connect(
    [
      scripted('broken', 'exit', 'required = true'),
      scripted('good', 'tools', 'enabled_tools = ["fail", "hang"]\ndisabled_tools = ["hang"]'),
      scripted('off', 'exit', 'enabled = false'),
      `[mcp_servers.web]\nurl = "${http.url}"\n`,
      '[mcp_servers.missing]\ncommand = "no-such-program"\n',
    ].join('\n'),
  );
  const { tools, failed } = await connections.started();
  expect(tools.map(({ name }) => name)).toEqual([
    'mcp__good__fail',
    'mcp__web__first',
    'mcp__web__second',
    'mcp__web__third',
  ]);
  expect(failed).toEqual([
    { server: 'broken', required: true, error: expect.stringMatching(/exit code 3; it printed: /) },
    { server: 'missing', required: false, error: expect.stringMatching(/cannot be found/) },
  ]);
  expect(events.at(-1)).toMatchObject({
    type: 'mcp_startup_complete',
    ready: ['good', 'web'],
    cancelled: [],
  });
  expect(
    new Set(
      events.flatMap((msg) => (msg.type === 'mcp_startup_update' ? [`${msg.server} ${msg.status}`] : [])),
    ),
  ).toEqual(
    new Set(
      ['broken', 'good', 'web', 'missing'].flatMap((server) => [
        `${server} starting`,
        `${server} ${['good', 'web'].includes(server) ? 'ready' : 'failed'}`,
      ]),
    ),
  );
});

test('who is not ready when the start is cancelled stays out', async () => {
  const { connections } = connect(scripted('s', 'silent'));
  connections.cancelStartup();
  expect(await connections.started()).toEqual({ tools: [], failed: [] });
});

test('an HTTP server is told of the end of its session', async () => {
  await using http = await startMcpServer();
  const { connections } = connect(`[mcp_servers.web]\nurl = "${http.url}"\n`);
  await connections.started();
  await connections.close();
  expect(http.requests.map(({ method }) => method)).toContain('DELETE');
});
