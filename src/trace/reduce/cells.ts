import type { EventOf } from '../event/event.ts';
import type { PayloadReference } from '../event/payload.ts';
import type { ExecutionStatus } from '../model/execution.ts';
import type { CodeCell, CodeCellStatus, ToolCall } from '../model/tool.ts';
import type { At, Draft, Mutable } from './draft.ts';
import { TraceFault } from './fault.ts';
import { conversationOf, endAt, include, known, startedAt, turnOf } from './look-up.ts';
import { producedBy } from './produced-by.ts';
import { memberOf, parseJson, textAt } from '../read-json.ts';

const cellIdOf = (callId: string): string => `code_cell:${callId}`;

/** A cell runs. Its source stands in an item that may come up later: until then it waits with what happens to it. */
export function cellStarted(draft: Draft, at: At<EventOf<'code_cell_started'>>): void {
  const { runtime_cell_id: runtimeId, model_visible_call_id: callId } = at.payload;
  const threadId = known(at.threadId, `the thread of the code cell ${runtimeId}`);
  const conversation = conversationOf(draft, threadId);
  const id = cellIdOf(callId);
  const other = conversation.cellByRuntimeId.get(runtimeId);
  if (draft.cells.has(id) || conversation.queuedCells.has(callId))
    throw new TraceFault('duplicate', `${id} started twice`);
  if (other !== undefined)
    throw new TraceFault('contradiction', `the runtime cell ${runtimeId} is both ${other} and ${id}`);
  conversation.cellByRuntimeId.set(runtimeId, id);
  const [itemId] = conversation.callItems.get(callId) ?? [];
  if (itemId === undefined) conversation.queuedCells.set(callId, { started: at, later: [] });
  else begin(draft, at, { threadId, itemId });
}

export const cellAnswered = (draft: Draft, at: At<EventOf<'code_cell_initial_response'>>): void =>
  nowOrLater(draft, at);
export const cellEnded = (draft: Draft, at: At<EventOf<'code_cell_ended'>>): void => nowOrLater(draft, at);

type Later = At<EventOf<'code_cell_initial_response' | 'code_cell_ended'>>;

function nowOrLater(draft: Draft, at: Later): void {
  const runtimeId = at.payload.runtime_cell_id;
  const threadId = known(at.threadId, `the thread of the code cell ${runtimeId}`);
  const id = cellOfRuntime(draft, threadId, runtimeId);
  const queued = [...conversationOf(draft, threadId).queuedCells].find(([callId]) => cellIdOf(callId) === id);
  if (queued) queued[1].later.push(at);
  else goOn(draft, id, at);
}

/** The item with the source of a cell is there: what waited for it is told now, in its order. */
export function cellCameUp(
  draft: Draft,
  {
    threadId,
    callId,
    itemId,
  }: { readonly threadId: string; readonly callId: string; readonly itemId: string },
): void {
  const { queuedCells } = conversationOf(draft, threadId);
  const queued = queuedCells.get(callId);
  if (!queued) return;
  queuedCells.delete(callId);
  begin(draft, queued.started, { threadId, itemId });
  for (const later of queued.later) goOn(draft, cellIdOf(callId), later);
}

function begin(
  draft: Draft,
  at: At<EventOf<'code_cell_started'>>,
  { threadId, itemId }: { readonly threadId: string; readonly itemId: string },
): void {
  const { runtime_cell_id: runtimeId, model_visible_call_id: callId, source_js: source } = at.payload;
  const turnId = known(at.turnId, `the turn of the code cell ${runtimeId}`);
  turnOf(draft, { turnId, threadId });
  const id = cellIdOf(callId);
  const nested = [...draft.tools.values()].filter(
    ({ requester }) => requester.type === 'code_cell' && requester.code_cell_id === id,
  );
  draft.cells.set(id, {
    code_cell_id: id,
    model_visible_call_id: callId,
    thread_id: threadId,
    codex_turn_id: turnId,
    source_item_id: itemId,
    output_item_ids: [],
    runtime_cell_id: runtimeId,
    execution: startedAt(at),
    runtime_status: 'starting',
    initial_response_at_unix_ms: null,
    initial_response_seq: null,
    initial_response_status: null,
    raw_initial_response_payload_id: null,
    raw_result_payload_id: null,
    yielded_at_unix_ms: null,
    yielded_seq: null,
    source_js: source,
    nested_tool_call_ids: nested.map((tool) => tool.tool_call_id),
    wait_tool_call_ids: [],
  });
  for (const outputId of conversationOf(draft, threadId).outputItems.get(callId) ?? [])
    linkCellOutput(draft, threadId, callId, outputId);
}

function goOn(draft: Draft, id: string, at: Later): void {
  const cell = known(draft.cells.get(id), id);
  const { payload } = at;
  const payloadId = payload.response_payload?.raw_payload_id ?? null;
  cell.runtime_status = payload.status;
  if (payload.type === 'code_cell_ended') {
    end(cell, at);
    cell.raw_result_payload_id = payloadId;
    return;
  }
  cell.initial_response_at_unix_ms = at.atMs;
  cell.initial_response_seq = at.seq;
  cell.initial_response_status = payload.status;
  cell.raw_initial_response_payload_id = payloadId;
  if (payload.status === 'yielded') {
    cell.yielded_at_unix_ms = at.atMs;
    cell.yielded_seq = at.seq;
  }
}

/** A cell that ends before it answered has answered with its end. */
function end(cell: Mutable<CodeCell>, at: At<unknown>): void {
  endAt(cell.execution, at, EXECUTION[cell.runtime_status]);
  cell.initial_response_at_unix_ms ??= at.atMs;
  cell.initial_response_seq ??= at.seq;
}

const EXECUTION: Readonly<Record<CodeCellStatus, ExecutionStatus>> = {
  starting: 'running',
  running: 'running',
  yielded: 'running',
  completed: 'completed',
  failed: 'failed',
  terminated: 'cancelled',
};

/** A turn that did not end well takes its cells along; one that completed leaves them running (trap 22). */
export function endCellsOf(draft: Draft, turnId: string, at: At<unknown>, status: ExecutionStatus): void {
  if (status === 'completed' || status === 'running') return;
  for (const cell of draft.cells.values()) {
    if (cell.codex_turn_id !== turnId || cell.execution.ended_seq !== null) continue;
    cell.runtime_status = status === 'failed' ? 'failed' : 'terminated';
    end(cell, at);
  }
}

/** @throws TraceFault unless a cell of this thread has that handle */
export function cellOfRuntime(draft: Draft, threadId: string, runtimeId: string): string {
  const id = conversationOf(draft, threadId).cellByRuntimeId.get(runtimeId);
  return known(id, `the runtime cell ${runtimeId} of thread ${threadId}`);
}

/** What the model was told of a cell. */
export function linkCellOutput(draft: Draft, threadId: string, callId: string, itemId: string): void {
  const cell = draft.cells.get(cellIdOf(callId));
  if (!cell || cell.thread_id !== threadId) return;
  include(cell.output_item_ids, itemId);
  producedBy(draft, itemId, { type: 'code_cell', code_cell_id: cell.code_cell_id });
}

/** A call that the code of a cell made. */
export function noteNestedTool(draft: Draft, { requester, tool_call_id: id }: Mutable<ToolCall>): void {
  if (requester.type === 'code_cell') draft.cells.get(requester.code_cell_id)?.nested_tool_call_ids.push(id);
}

/** The model waits for a cell that had yielded. */
export function noteWait(draft: Draft, tool: Mutable<ToolCall>, reference: PayloadReference): void {
  if (tool.kind.type !== 'other' || tool.kind.name !== 'wait') return;
  const invocation = memberOf(draft.payloads.read(reference), 'payload');
  const runtimeId = textAt(parseJson(textAt(invocation, 'arguments') ?? ''), 'cell_id');
  const id = conversationOf(draft, tool.thread_id).cellByRuntimeId.get(runtimeId ?? '');
  draft.cells.get(id ?? '')?.wait_tool_call_ids.push(tool.tool_call_id);
}
