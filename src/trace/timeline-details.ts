import type { InferenceCall } from './model/inference.ts';
import type { ToolCall } from './model/tool.ts';
import type { RolloutTrace } from './model/trace.ts';

/** Ids, tokens, and the words that the model said. */
export function detailsOfInference(trace: RolloutTrace, call: InferenceCall): readonly string[] {
  const { usage, response_id: response, upstream_request_id: request } = call;
  const ids = [
    ...(response === null ? [] : [`response ${response}`]),
    ...(request === null ? [] : [`request ${request}`]),
  ];
  return [
    `${call.request_item_ids.length} items to ${call.provider_name}, ${call.response_item_ids.length} back`,
    ...(ids.length === 0 ? [] : [ids.join(' · ')]),
    ...(usage
      ? [
          `tokens: ${usage.input_tokens} in (${usage.cached_input_tokens} cached), ` +
            `${usage.output_tokens} out (${usage.reasoning_output_tokens} reasoning)`,
        ]
      : []),
    ...call.response_item_ids.flatMap((id) => wordsOf(trace, id)),
  ];
}

function wordsOf({ conversation_items: items }: RolloutTrace, id: string): readonly string[] {
  const item = items[id];
  if (item?.kind !== 'message') return [];
  return item.body.parts.flatMap((part) => (part.type === 'text' ? [`“${part.text}”`] : []));
}

/** What it was asked, and what came of it. */
export function detailsOfTool(trace: RolloutTrace, tool: ToolCall): readonly string[] {
  const ids = [
    `call ${tool.tool_call_id}`,
    ...(tool.mcp_call_id === null ? [] : [`MCP call ${tool.mcp_call_id}`]),
    ...(tool.requester.type === 'code_cell' ? [`from ${tool.requester.code_cell_id}`] : []),
  ].join(' · ');
  if (tool.summary.type === 'generic')
    return [ids, ...[tool.summary.input_preview, tool.summary.output_preview].flatMap((text) => text ?? [])];
  const operation = trace.terminal_operations[tool.summary.operation_id];
  if (!operation) return [ids];
  const { request, result } = operation;
  return [
    ids,
    request.type === 'exec_command' ? request.display_command : `typed: ${request.stdin}`,
    ...(result?.exit_code === undefined || result.exit_code === null
      ? []
      : [`exit code ${result.exit_code}`]),
  ];
}
