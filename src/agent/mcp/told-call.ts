import type { JsonObject } from '../../host/json.ts';
import type { McpConnection } from '../../mcp/connect.ts';
import type { CallScope } from '../../telemetry/facts/tool.ts';
import type { AgentObserver, TraceContext } from '../../telemetry/observer.ts';

/** Who hears of calls, and whose trace they join. */
export interface McpListening {
  readonly observer: AgentObserver;
  /** UUID. */
  readonly newId: () => string;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: () => number;
}

/** A call as it is made, over whatever connection. */
export interface McpCall {
  readonly scope: CallScope;
  readonly server: string;
  readonly tool: string;
  readonly connection: McpConnection;
  readonly protocolVersion: string;
  readonly params: () => JsonObject;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
}

export interface McpCallEnd {
  /** `tool_error`, or what went wrong. */
  readonly error?: string;
  readonly jsonrpcErrorCode?: number;
  readonly result: () => JsonObject;
}

export interface ToldCall {
  /** What the call should carry: as its `_meta`, without a prefix (spec/observability.md 4.7). */
  readonly traceContext: TraceContext | undefined;
  readonly end: (end: McpCallEnd) => void;
}

const METHOD = 'tools/call';

/** Tells the start of a call; its end is for the caller to tell, once. */
export function beginMcpCall(listening: McpListening | undefined, call: McpCall): ToldCall | undefined {
  if (!listening) return undefined;
  const { observer, newId, nowMs } = listening;
  const { scope, server, tool, connection, protocolVersion, elapsedMs } = call;
  const { transport, host, port } = connection;
  const sessionId = connection.sessionId();
  const mcpCallId = newId();
  const begunMs = elapsedMs();
  observer.observe({
    ...scope,
    type: 'mcp_call_started',
    atMs: nowMs(),
    mcpCallId,
    method: METHOD,
    server,
    tool,
    transport,
    ...(sessionId !== undefined && { sessionId }),
    ...(protocolVersion !== '' && { protocolVersion }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    invocation: call.params,
  });
  return {
    traceContext: observer.traceContext?.(scope),
    end: (end) => {
      const durationMs = Math.round(elapsedMs() - begunMs);
      observer.observe({ ...scope, type: 'mcp_call_ended', atMs: nowMs(), mcpCallId, durationMs, ...end });
    },
  };
}
