import type { Clock } from '../../host/clock.ts';
import type { ToolFact } from '../../telemetry/facts/tool.ts';
import type { ToolOutputItem } from '../protocol/item.ts';
import type { Tool, ToolCall, ToolContext } from './tool.ts';

type CallEnd = Pick<Extract<ToolFact, { readonly type: 'tool_ended' }>, 'status' | 'success'>;

/**
 * Tells the start of a call now, and its end when the result is called, once.
 * @returns undefined where nobody listens
 */
export function tellCall(
  call: ToolCall,
  tool: Tool | undefined,
  { context, clock }: { readonly context: ToolContext; readonly clock: Pick<Clock, 'elapsed'> },
): ((end: CallEnd, output: ToolOutputItem) => void) | undefined {
  const { tell, turnId } = context;
  if (!tell) return undefined;
  const { callId, name, namespace } = call;
  const startedAt = clock.elapsed();
  const origin = tool?.origin;
  tell({
    type: 'tool_started',
    turnId,
    callId,
    tool: name,
    ...(namespace !== undefined && { namespace }),
    origin: origin?.kind ?? 'builtin',
    ...(origin?.kind === 'mcp' && { mcpServer: origin.server }),
    input: () => inputOf(call),
  });
  return (end, output) =>
    tell({
      type: 'tool_ended',
      turnId,
      callId,
      tool: name,
      ...end,
      durationMs: Math.round(clock.elapsed() - startedAt),
      output: () => outputText(output),
    });
}

function inputOf({ payload }: ToolCall): string {
  switch (payload.kind) {
    case 'function':
      return payload.arguments;
    case 'custom':
      return payload.input;
    case 'search':
      return JSON.stringify(payload.arguments);
  }
}

/** Pictures are named and not shown. */
function outputText(item: ToolOutputItem): string {
  if (!('output' in item)) return JSON.stringify(item.tools);
  const { output } = item;
  if (typeof output === 'string') return output;
  return output.map((part) => ('text' in part ? part.text : `[${part.type}]`)).join('\n');
}
