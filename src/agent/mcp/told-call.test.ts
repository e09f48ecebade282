import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startMcpServer } from '../../../fixtures/lab/mcp-server.ts';
import { plainNetwork } from '../../../fixtures/network.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import type { FactScope, TraceContext } from '../../telemetry/observer.ts';
import type { Guard } from '../policy/guard.ts';
import { sessionId, threadId, turnId } from '../protocol/ids.ts';
import type { ToolContext, ToolResult } from '../tools/tool.ts';
import { createMcpConnect } from './connect.ts';
import { connectMcpServers } from './connections.ts';

const SERVER = join(import.meta.dirname, '../../../fixtures/programs/mcp-server.cjs');
/** A server of the configuration that is the scripted program. */
const program = `[mcp_servers.s]\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(SERVER)}, "tools"]\n`;
const TRACE = {
  traceparent: '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01',
  tracestate: 'vendor=x',
};
const ME = { threadId: 't', turnId: 'u', callId: 'c' };

interface Rig {
  readonly call: (tool: string, argumentText?: string) => Promise<ToolResult>;
  readonly facts: readonly AgentFact[];
  readonly scopes: readonly FactScope[];
}

async function listeningTo(config: string, trace?: TraceContext): Promise<Rig> {
  const home = temporaryHome({ 'config.toml': config });
  const { target } = testContext({ home, env: { PATH: process.env['PATH'] ?? '' } });
  const facts: AgentFact[] = [];
  const scopes: FactScope[] = [];
  const guard: Pick<Guard, 'permitMcpTool'> = {
    permitMcpTool: async () => ({ kind: 'run', sandbox: { type: 'danger-full-access' }, wasAsked: false }),
  };
  const connections = connectMcpServers({
    servers: target.mcp().servers,
    connect: createMcpConnect({
      target,
      files,
      network: plainNetwork(),
      client: { name: 'stethos', version: '0' },
      nowMs: () => systemClock.now(),
    }),
    guard: guard as Guard,
    emit: () => undefined,
    elapsedMs: () => systemClock.elapsed(),
    elicit: () => async () => ({ action: 'cancel' }),
    listening: {
      observer: {
        observe: (fact) => facts.push(fact),
        traceContext: (scope) => {
          scopes.push(scope);
          return trace;
        },
      },
      newId: () => `mcp-${facts.length}`,
      nowMs: () => 7,
    },
  });
  onTestFinished(() => connections.close());
  const { tools } = await connections.started();
  const context: ToolContext = {
    threadId: threadId('t'),
    sessionId: sessionId('s'),
    turnId: turnId('u'),
    model: { supportsImageInput: true } as ToolContext['model'],
    cwd: '/',
    approvalPolicy: 'never',
    sandboxPolicy: { type: 'danger-full-access' },
    isFeatureOn: () => false,
    turnMetadata: () => ({ turn_id: 'u' }),
    emit: () => undefined,
    signal: new AbortController().signal,
  };
  return {
    facts,
    scopes,
    call: async (name, argumentText = '{}') => {
      const tool = tools.find((each) => each.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      const payload = { kind: 'function', arguments: argumentText } as const;
      return tool.handle({ callId: 'c', name, payload }, context);
    },
  };
}

const lastLine = ({ content }: ToolResult): unknown => {
  const [first] = typeof content === 'string' ? [] : content;
  return first?.type === 'input_text' ? JSON.parse(first.text.split('\n').at(-1) ?? '') : undefined;
};

test('a program gets the context of its call unprefixed in `_meta`, beside the metadata of the turn', async () => {
  const { call, scopes, facts } = await listeningTo(program, TRACE);
  const heard = lastLine(await call('mcp__s__get_item', '{"id":1}'));
  expect(heard).toEqual({
    name: 'get-item',
    arguments: { id: 1 },
    _meta: { 'x-codex-turn-metadata': { turn_id: 'u' }, ...TRACE },
  });
  expect(scopes).toEqual([ME]);
  const [start, end] = facts;
  expect(start).toEqual({
    ...ME,
    type: 'mcp_call_started',
    atMs: 7,
    mcpCallId: 'mcp-0',
    method: 'tools/call',
    server: 's',
    tool: 'get-item',
    transport: 'stdio',
    protocolVersion: '2025-06-18',
    invocation: expect.any(Function),
  });
  expect(start?.type === 'mcp_call_started' && start.invocation()).toEqual({
    name: 'get-item',
    arguments: { id: 1 },
  });
  expect(end).toEqual({
    ...ME,
    type: 'mcp_call_ended',
    atMs: 7,
    mcpCallId: 'mcp-0',
    durationMs: expect.any(Number),
    result: expect.any(Function),
  });
  expect(end?.type === 'mcp_call_ended' && end.result()).toMatchObject({ isError: false });
});

test('a state that a context lacks is not made up, and without a context nothing is added', async () => {
  const { traceparent } = TRACE;
  const stateless = await listeningTo(program, { traceparent });
  expect(lastLine(await stateless.call('mcp__s__get_item'))).toMatchObject({
    _meta: { 'x-codex-turn-metadata': { turn_id: 'u' }, traceparent },
  });
  const without = await listeningTo(program);
  expect(lastLine(await without.call('mcp__s__get_item'))).toEqual({
    name: 'get-item',
    arguments: {},
    _meta: { 'x-codex-turn-metadata': { turn_id: 'u' } },
  });
});

test('each call has one end: an answer that says it failed, silence, and what the model wrote wrongly', async () => {
  const { call, facts } = await listeningTo(`${program}tool_timeout_sec = 1\n`);
  await call('mcp__s__fail');
  await expect(call('mcp__s__hang')).rejects.toThrow(/did not answer/);
  // Goes to no server, so that nothing was called.
  await expect(call('mcp__s__get_item', '{')).rejects.toThrow(/no JSON/);
  expect(facts.map((fact) => (fact.type === 'mcp_call_ended' ? fact.error : fact.type))).toEqual([
    'mcp_call_started',
    'tool_error',
    'mcp_call_started',
    'silent',
  ]);
});

test('over HTTP the address, the session and the code of a JSON-RPC error are told', async () => {
  await using server = await startMcpServer();
  const { call, facts } = await listeningTo(`[mcp_servers.web]\nurl = "${server.url}"\n`, TRACE);
  await expect(call('mcp__web__first')).rejects.toThrow(/Method not found/);
  const { hostname: host, port } = new URL(server.url);
  const session = server.requests.at(-1)?.headers['mcp-session-id'];
  expect(session).toBeTypeOf('string');
  expect(facts).toMatchObject([
    { transport: 'http', host, port: Number(port), sessionId: session, protocolVersion: '2025-06-18' },
    { type: 'mcp_call_ended', error: 'rpc_error', jsonrpcErrorCode: -32_601 },
  ]);
});
