import type { Attributes } from '@opentelemetry/api';
import type { FactTime } from '../facts/fact.ts';
import type { ToolFact } from '../facts/tool.ts';
import { GENAI, GENERAL, MCP } from './genai-names.ts';
import { callKey, contextAt, innermost, nameOf, SPANS, textOf } from './speaker.ts';
import type { Speaker, ThreadTold } from './speaker.ts';
import { errorType } from './words.ts';

type Told<Type extends ToolFact['type']> = Extract<ToolFact, { readonly type: Type }> & FactTime;

const TOOLS_CALL = 'tools/call';

/**
 * codex's `mcp.tools.call`, the parent of what the server records. The MCP conventions ask for no span of their own where
 * the execution of the tool is traced already: their attributes are put on `execute_tool`, so that their readers find one
 * span per call, not two. A call that no tool stands behind carries them itself.
 */
export function tellMcpCallStarted(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Told<'mcp_call_started'>,
): void {
  const { spans, calls, mcpCalls, facts } = thread;
  const { mcpCallId, turnId, callId, transport } = fact;
  const method = nameOf(speaker, fact.method);
  const key = callKey(fact);
  const executed = spans.find(SPANS.tool(key));
  const server = serverAttributes(fact);
  const convention: Attributes = {
    [MCP.method]: method,
    ...(fact.sessionId !== undefined && { [MCP.session]: textOf(speaker, fact.sessionId) }),
    ...(fact.protocolVersion !== undefined && {
      [MCP.protocolVersion]: nameOf(speaker, fact.protocolVersion),
    }),
    ...server,
  };
  executed?.span.setAttributes(convention);
  spans.open(SPANS.mcp(mcpCallId), `mcp.${method.replaceAll('/', '.')}`, {
    parent: contextAt(speaker.api, innermost(thread, { turnId, callId })),
    atMs: fact.atMs,
    kind: speaker.api.SpanKind.CLIENT,
    attributes: {
      'rpc.system': 'jsonrpc',
      'rpc.method': method,
      'mcp.server.name': nameOf(speaker, fact.server),
      'mcp.transport': transport === 'stdio' ? 'stdio' : 'streamable_http',
      'tool.name': nameOf(speaker, fact.tool),
      'tool.call_id': textOf(speaker, callId),
      'conversation.id': facts.threadId,
      'turn.id': turnId,
      ...(executed ? server : convention),
    },
  });
  const call = calls.get(key);
  if (call) call.mcpCallId = mcpCallId;
  mcpCalls.set(mcpCallId, {
    [MCP.method]: method,
    ...(fact.method === TOOLS_CALL && {
      [GENAI.operation]: 'execute_tool',
      [GENAI.tool]: nameOf(speaker, fact.tool),
    }),
    ...(fact.protocolVersion !== undefined && {
      [MCP.protocolVersion]: nameOf(speaker, fact.protocolVersion),
    }),
    ...server,
  });
}

const serverAttributes = ({ transport, host, port }: Told<'mcp_call_started'>): Attributes => ({
  [GENERAL.networkTransport]: transport === 'stdio' ? 'pipe' : 'tcp',
  ...(transport === 'http' && { [GENERAL.networkProtocol]: 'http' }),
  ...(host !== undefined && { [GENERAL.serverAddress]: host }),
  ...(port !== undefined && { [GENERAL.serverPort]: port }),
});

export function tellMcpCallEnded(
  { measurements, redactor }: Speaker,
  { spans, calls, mcpCalls }: ThreadTold,
  fact: Told<'mcp_call_ended'>,
): void {
  const { mcpCallId, atMs, jsonrpcErrorCode: code } = fact;
  const error =
    code === undefined
      ? fact.error === undefined
        ? undefined
        : errorType(redactor, fact.error)
      : String(code);
  const status: Attributes = code === undefined ? {} : { [MCP.statusCode]: String(code) };
  spans.end(SPANS.mcp(mcpCallId), { atMs, attributes: status, error });
  const key = callKey(fact);
  spans.find(SPANS.tool(key))?.span.setAttributes(status);
  const call = calls.get(key);
  if (call) {
    call.mcpCallId = undefined;
    call.mcpError = error;
  }
  measurements.genAi('mcp.client.operation.duration', fact.durationMs / 1000, {
    ...mcpCalls.get(mcpCallId),
    ...status,
    ...(error !== undefined && { [GENERAL.errorType]: error }),
  });
  mcpCalls.delete(mcpCallId);
}
