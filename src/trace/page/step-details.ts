import { formatElapsed } from '../../host/units.ts';
import { formatMoment } from './moment.ts';
import type { CompactionRequest } from '../model/compaction.ts';
import type { InferenceCall } from '../model/inference.ts';
import type { TerminalSession } from '../model/terminal.ts';
import type { CodeCell } from '../model/tool.ts';
import { authDetails } from './auth-details.ts';
import type { PageContext } from './context.ts';
import { factList, textBlock } from './fact-list.ts';
import type { Fact } from './fact-list.ts';
import type { Html } from '../../page/html.ts';
import { itemList, linksTo, payloads } from './references.ts';
import { lookUp } from './names.ts';
import type { Step } from './story.ts';
import { sumTokens, tokenText } from './tokens.ts';
import { toolDetails } from './tool-details.ts';

/** What opens below a step. */
export function stepDetails(page: PageContext, step: Step): Html {
  const times: readonly Fact[] = [
    ['started', formatMoment(step.startMs)],
    ['ended', step.endMs === null ? 'not within this trace' : formatMoment(step.endMs)],
  ];
  const { subject } = step;
  switch (subject.kind) {
    case 'inference':
      return inferenceDetails(page, subject.call, times);
    case 'code':
      return codeDetails(page, subject.cell, times);
    case 'session':
      return sessionDetails(page, subject.session, times);
    case 'compaction':
      return compactionDetails(page, subject.request, times);
    default:
      return toolDetails(page, subject.tool, times);
  }
}

function inferenceDetails(page: PageContext, call: InferenceCall, times: readonly Fact[]): Html {
  const { html } = page;
  const known = new Set(call.request_item_ids);
  const received = call.response_item_ids.filter((id) => !known.has(id));
  return html`${factList(page, [
    ['inference call id', call.inference_call_id],
    ['provider', call.provider_name],
    ['response id', call.response_id],
    ['upstream request id', call.upstream_request_id],
    ...times,
    ['first item after', firstItemAfter(page, call)],
    ['tokens', call.usage && tokenText(sumTokens([call.usage]))],
    ['items sent', String(call.request_item_ids.length)],
    ['tools started', linksTo(page, call.tool_call_ids_started_by_response)],
  ])}
  ${authDetails(page, call.auth_facts)}
  ${itemList(page, 'Sent, the latest last', call.request_item_ids.slice(-SENT_ITEMS))}
  ${itemList(page, 'Received', received)}
  ${payloads(page, [call.raw_request_payload_id, call.raw_response_payload_id])}`;
}

/** A request repeats the conversation; what is new in it stands at its end. */
const SENT_ITEMS = 3;

/** When the agent took in the first whole item of the answer. The trace knows of no earlier sign of life. */
function firstItemAfter({ trace }: PageContext, call: InferenceCall): string | undefined {
  const accepted = call.response_item_ids.flatMap(
    (id) => lookUp(trace.conversation_items, id)?.accepted_at_unix_ms ?? [],
  );
  const [first] = accepted.toSorted((one, other) => one - other);
  const after = first === undefined ? -1 : first - call.execution.started_at_unix_ms;
  return after < 0 ? undefined : formatElapsed(after);
}

const SOURCE_CHARACTERS = 4_000;

function codeDetails(page: PageContext, cell: CodeCell, times: readonly Fact[]): Html {
  const { html } = page;
  return html`${factList(page, [
    ['code cell', cell.code_cell_id],
    ['runtime', cell.runtime_cell_id],
    ['runtime status', cell.runtime_status],
    ['first response', cell.initial_response_status],
    ...times,
    ['tools called', linksTo(page, cell.nested_tool_call_ids)],
    ['waited for by', linksTo(page, cell.wait_tool_call_ids)],
  ])}
  ${textBlock(page, { title: 'Source', text: cell.source_js, limit: SOURCE_CHARACTERS })}
  ${itemList(page, 'What the model saw', cell.output_item_ids)}
  ${payloads(page, [cell.raw_initial_response_payload_id, cell.raw_result_payload_id])}`;
}

function sessionDetails(page: PageContext, session: TerminalSession, times: readonly Fact[]): Html {
  const calls = session.operation_ids.flatMap(
    (id) => lookUp(page.trace.terminal_operations, id)?.tool_call_id ?? [],
  );
  return factList(page, [
    ['terminal', session.terminal_id],
    ...times,
    ['operations', String(session.operation_ids.length)],
    ['by', linksTo(page, calls)],
  ]);
}

function compactionDetails(page: PageContext, request: CompactionRequest, times: readonly Fact[]): Html {
  const { html, trace } = page;
  const installed = lookUp(trace.compactions, request.compaction_id);
  return html`${factList(page, [
    ['compaction', request.compaction_id],
    ['request', request.compaction_request_id],
    ['provider', request.provider_name],
    ...times,
    [
      'outcome',
      installed
        ? `${installed.input_item_ids.length} items became ${installed.replacement_item_ids.length}`
        : 'the conversation stayed as it was',
    ],
    ['installed', installed && formatMoment(installed.installed_at_unix_ms)],
  ])}
  ${itemList(page, 'The conversation since then', installed?.replacement_item_ids ?? [])}
  ${payloads(page, [request.raw_request_payload_id, request.raw_response_payload_id])}`;
}
