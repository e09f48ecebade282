import type { Tool as ServerTool } from '@modelcontextprotocol/client';
import { faultOf } from '../../mcp/fault.ts';
import type { ConnectedSession } from '../../mcp/connect.ts';
import type { McpServer } from '../../target/mcp/facts.ts';
import type { Guard } from '../policy/guard.ts';
import type { McpInvocation } from '../protocol/event.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { McpToolResult } from '../protocol/turn-item.ts';
import { ToolFailure } from '../tools/tool.ts';
import type { Tool, ToolCall, ToolContext, ToolResult } from '../tools/tool.ts';
import { faultInWords } from './fault-words.ts';
import { contentOf, resultOf } from './output.ts';
import { beginMcpCall } from './told-call.ts';
import type { McpListening } from './told-call.ts';

export interface McpToolOptions {
  /** As the model knows it. */
  readonly name: string;
  /** As its server knows it. */
  readonly tool: string;
  readonly definition: ServerTool;
  readonly settings: McpServer;
  readonly session: ConnectedSession;
  readonly guard: Guard;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
  readonly listening?: McpListening | undefined;
}

/** A tool of an MCP server as a tool of the core. The wire has the raw names; the model has the qualified one. */
export function createMcpTool(options: McpToolOptions): Tool {
  const { name, definition, settings } = options;
  return {
    name,
    spec: {
      type: 'function',
      name,
      description: definition.description ?? '',
      strict: false,
      parameters: parametersOf(definition),
    },
    origin: { kind: 'mcp', server: settings.name },
    parallel: settings.supportsParallelToolCalls || definition.annotations?.readOnlyHint === true,
    handle: (call, context) => handle(call, context, options),
  };
}

/** The API wants `properties` even where there are none. */
function parametersOf({ inputSchema }: ServerTool): JsonObject {
  const schema = inputSchema as JsonObject;
  return 'properties' in schema ? schema : { ...schema, properties: {} };
}

async function handle(call: ToolCall, context: ToolContext, options: McpToolOptions): Promise<ToolResult> {
  const { tool, settings, elapsedMs } = options;
  const { callId } = call;
  const given = argumentsOf(call);
  const invocation: McpInvocation = { server: settings.name, tool, arguments: given ?? {} };
  const begunMs = elapsedMs();
  context.emit({ type: 'mcp_tool_call_begin', call_id: callId, invocation });
  const end = (result: { readonly Ok: ReturnType<typeof resultOf> } | { readonly Err: string }): void =>
    context.emit({
      type: 'mcp_tool_call_end',
      call_id: callId,
      invocation,
      duration_ms: Math.round(elapsedMs() - begunMs),
      result,
    });
  try {
    await permit(callId, context, options);
    const answer = await ask(given, { callId, context }, options);
    end({ Ok: answer });
    return {
      content: contentOf(answer, {
        wallTimeMs: elapsedMs() - begunMs,
        showsImages: context.model.supportsImageInput,
      }),
      success: !answer.isError,
      value: answer as unknown as JsonValue,
    };
  } catch (error) {
    end({ Err: error instanceof ToolFailure ? error.message : 'a fault of this program' });
    throw error;
  }
}

/** @throws ToolFailure unless the policy lets the tool run */
async function permit(
  callId: string,
  context: ToolContext,
  { guard, settings, tool, definition }: McpToolOptions,
): Promise<void> {
  const { readOnlyHint, destructiveHint, openWorldHint } = definition.annotations ?? {};
  const permission = await guard.permitMcpTool(
    {
      callId,
      server: settings.name,
      tool,
      annotations: {
        ...(readOnlyHint !== undefined && { readOnlyHint }),
        ...(destructiveHint !== undefined && { destructiveHint }),
        ...(openWorldHint !== undefined && { openWorldHint }),
      },
      mode: settings.toolApprovalModes[tool] ?? settings.approvalMode,
    },
    context,
  );
  if (permission.kind !== 'run') throw new ToolFailure(permission.message);
}

/** Every server is told of the turn (spec/agent-core.md 2.6). */
const METADATA_KEY = 'x-codex-turn-metadata';

async function ask(
  given: JsonObject | undefined,
  { callId, context }: { readonly callId: string; readonly context: ToolContext },
  { session, settings, tool, elapsedMs, listening }: McpToolOptions,
): Promise<McpToolResult> {
  const { threadId, turnId } = context;
  const told = beginMcpCall(listening, {
    scope: { threadId, turnId, callId },
    server: settings.name,
    tool,
    connection: session.connection,
    protocolVersion: session.server.protocolVersion,
    params: () => ({ name: tool, ...(given && { arguments: given }) }),
    elapsedMs,
  });
  let result: McpToolResult;
  try {
    result = resultOf(
      await session.callTool(
        {
          name: tool,
          arguments: given,
          meta: { [METADATA_KEY]: context.turnMetadata(), ...told?.traceContext },
        },
        { timeoutMs: settings.toolTimeoutMs, signal: context.signal },
      ),
    );
  } catch (error) {
    const fault = await faultOf(error, session.shown);
    const words = faultInWords(fault);
    told?.end({
      error: fault.kind,
      ...(fault.kind === 'rpc_error' && { jsonrpcErrorCode: fault.code }),
      result: () => ({ error: words }),
    });
    throw new ToolFailure(`The MCP server ${settings.name} gave no answer to ${tool}: ${words}.`);
  }
  told?.end({ ...(result.isError && TOOL_ERROR), result: () => result as unknown as JsonObject });
  return result;
}

const TOOL_ERROR = { error: 'tool_error' };

/** @throws ToolFailure where the model wrote no JSON object */
function argumentsOf({ payload }: ToolCall): JsonObject | undefined {
  const text = payload.kind === 'function' ? payload.arguments : '';
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ToolFailure('The arguments are no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ToolFailure('The arguments are not a JSON object.');
  return value as JsonObject;
}
