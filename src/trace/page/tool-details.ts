import type { ToolCall } from '../model/tool.ts';
import type { PageContext } from './context.ts';
import { factList, textBlock } from './fact-list.ts';
import type { Fact } from './fact-list.ts';
import type { Html } from '../../page/html.ts';
import { textOfItem } from './item-text.ts';
import { lookUp } from './names.ts';
import { payloads } from './references.ts';

const OUTPUT_CHARACTERS = 4_000;

/** What a tool was asked, by whom, and what came of it. */
export function toolDetails(page: PageContext, tool: ToolCall, times: readonly Fact[]): Html {
  const { html, trace } = page;
  const { kind, summary, requester } = tool;
  const operation = lookUp(trace.terminal_operations, tool.terminal_operation_id);
  const request = operation?.request;
  const result = operation?.result;
  const outputs = tool.model_visible_output_item_ids.flatMap(
    (id) => lookUp(trace.conversation_items, id) ?? [],
  );
  const block = (title: string, text: string | null | undefined): Html =>
    textBlock(page, { title, text: text ?? '', limit: OUTPUT_CHARACTERS });
  return html`${factList(page, [
    ['tool call', tool.tool_call_id],
    ['MCP server', kind.type === 'mcp' ? kind.server : null],
    ['MCP tool', kind.type === 'mcp' ? kind.tool : null],
    ['MCP call id', tool.mcp_call_id],
    ['asked for by', requester.type === 'code_cell' ? requester.code_cell_id : 'the model'],
    ...times,
    ['folder', request?.type === 'exec_command' ? request.cwd : null],
    ['terminal', operation?.terminal_id],
    [
      'exit code',
      result?.exit_code === null || result?.exit_code === undefined ? null : String(result.exit_code),
    ],
  ])}
  ${request?.type === 'exec_command' ? block('Command', request.display_command) : block('Typed', request?.stdin)}
  ${block('Standard output', result?.stdout)} ${block('Standard error', result?.stderr)}
  ${summary.type === 'generic' ? html`${block('Input', summary.input_preview)}${block('Output', summary.output_preview)}` : html``}
  ${block('What the model saw', outputs.map(textOfItem).join('\n'))}
  ${payloads(page, [tool.raw_invocation_payload_id, tool.raw_result_payload_id, ...tool.raw_runtime_payload_ids])}`;
}
