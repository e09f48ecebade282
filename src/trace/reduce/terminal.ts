import type { EventOf } from '../event/event.ts';
import type { PayloadReference } from '../event/payload.ts';
import type { ExecutionStatus, ExecutionWindow } from '../model/execution.ts';
import type { TerminalOperation, TerminalRequest } from '../model/terminal.ts';
import type { ToolCall } from '../model/tool.ts';
import type { At, Draft, Mutable } from './draft.ts';
import { TraceFault } from './fault.ts';
import { conversationOf, endAt, known, startedAt } from './look-up.ts';
import { listAt, memberOf, numberAt, parseJson, textAt } from '../read-json.ts';
import { malformed, resultOf } from './terminal-result.ts';

interface Part {
  readonly at: At<unknown>;
  readonly reference: PayloadReference;
}

/** A command runs, or something is typed into one, as the terminal tells it. */
export function beginOperation(
  draft: Draft,
  tool: Mutable<ToolCall>,
  { at, reference, kind }: Part & { readonly kind: TerminalOperation['kind'] },
): void {
  if (tool.terminal_operation_id !== null)
    throw new TraceFault('duplicate', `tool call ${tool.tool_call_id} has two terminal operations`);
  const payload = draft.payloads.read(reference);
  const command = listAt(payload, 'command');
  const cwd = textAt(payload, 'cwd');
  if (!command || cwd === undefined) throw malformed(reference, 'command and folder');
  const words = command.map(String);
  open(draft, tool, {
    kind,
    reference,
    execution: startedAt(at),
    process: textAt(payload, 'process_id'),
    request:
      kind === 'exec_command'
        ? { type: kind, command: words, display_command: words.join(' '), cwd, ...UNLIMITED }
        : { type: kind, stdin: textAt(payload, 'interaction_input') ?? '', ...UNLIMITED },
  });
}

const UNLIMITED = { yield_time_ms: null, max_output_tokens: null } as const;

/** @throws TraceFault also where the process became another one on the way */
export function endOperation(
  draft: Draft,
  tool: Mutable<ToolCall>,
  { at, reference, status }: Part & { readonly status: ExecutionStatus },
): void {
  const operation = operationOf(draft, tool);
  if (!operation) return;
  const payload = draft.payloads.read(reference);
  const exitCode = numberAt(payload, 'exit_code');
  if (exitCode === undefined) throw malformed(reference, 'exit code');
  operation.raw_payload_ids.push(reference.raw_payload_id);
  operation.result = {
    exit_code: exitCode,
    stdout: textAt(payload, 'aggregated_output') ?? '',
    stderr: '',
    formatted_output: null,
    original_token_count: null,
    chunk_id: null,
  };
  const process = textAt(payload, 'process_id');
  const before = draft.processes.get(operation.operation_id);
  if (process !== undefined && before !== undefined && process !== before)
    throw new TraceFault(
      'contradiction',
      `${operation.operation_id} ran in process ${before} and ended in ${process}`,
    );
  if (process !== undefined && before === undefined)
    join(draft, operation, { process, threadId: tool.thread_id });
  endAt(operation.execution, at, status);
}

/** Something typed into a running command: the invocation alone tells, no runtime event does. */
export function beginInput(draft: Draft, tool: Mutable<ToolCall>, { at, reference }: Part): void {
  if (tool.kind.type !== 'write_stdin') return;
  const invocation = memberOf(draft.payloads.read(reference), 'payload');
  const given = memberOf(invocation, 'arguments');
  if (given !== undefined && typeof given !== 'string') throw malformed(reference, 'arguments');
  const args = parseJson(given ?? '');
  const session = memberOf(args, 'session_id');
  if (typeof session !== 'number' && typeof session !== 'string') return;
  open(draft, tool, {
    kind: 'write_stdin',
    reference,
    execution: startedAt(at),
    process: String(session),
    request: {
      type: 'write_stdin',
      stdin: textAt(args, 'chars') ?? '',
      yield_time_ms: numberAt(args, 'yield_time_ms') ?? null,
      max_output_tokens: numberAt(args, 'max_output_tokens') ?? null,
    },
  });
}

/** What came of it stands in the result of the call, unless the terminal told it already. */
export function endInput(
  draft: Draft,
  tool: Mutable<ToolCall>,
  {
    at,
    reference,
    status,
  }: {
    readonly at: At<unknown>;
    readonly reference: PayloadReference | undefined;
    readonly status: ExecutionStatus;
  },
): void {
  const operation = operationOf(draft, tool);
  if (operation?.kind !== 'write_stdin' || operation.execution.ended_seq !== null) return;
  if (reference) {
    operation.raw_payload_ids.push(reference.raw_payload_id);
    operation.result = resultOf(draft.payloads.read(reference), reference);
  }
  endAt(operation.execution, at, status);
}

/** Which command the text was typed into: it shares that one's terminal. */
export function inputResolved(draft: Draft, at: At<EventOf<'stdin_target_resolved'>>): void {
  const tool = known(draft.tools.get(at.payload.tool_call_id), `tool call ${at.payload.tool_call_id}`);
  const target = known(
    draft.tools.get(at.payload.exec_tool_call_id),
    `tool call ${at.payload.exec_tool_call_id}`,
  );
  const operation = operationOf(draft, tool);
  const session = draft.sessions.get(operationOf(draft, target)?.terminal_id ?? '');
  if (!operation || !session || operation.terminal_id === session.terminal_id) return;
  const own = draft.sessions.get(operation.terminal_id ?? '');
  if (own?.created_by_operation_id === operation.operation_id) draft.sessions.delete(own.terminal_id);
  operation.terminal_id = session.terminal_id;
  session.operation_ids.push(operation.operation_id);
}

interface Opening {
  readonly kind: TerminalOperation['kind'];
  readonly reference: PayloadReference;
  readonly execution: Mutable<ExecutionWindow>;
  readonly process: string | undefined;
  readonly request: TerminalRequest;
}

function open(draft: Draft, tool: Mutable<ToolCall>, opening: Opening): void {
  const id = `terminal_operation:${draft.operations.size + 1}`;
  const operation: Mutable<TerminalOperation> = {
    operation_id: id,
    terminal_id: null,
    tool_call_id: tool.tool_call_id,
    kind: opening.kind,
    execution: opening.execution,
    request: structuredClone(opening.request) as Mutable<TerminalRequest>,
    result: null,
    model_observations: [],
    raw_payload_ids: [opening.reference.raw_payload_id],
  };
  draft.operations.set(id, operation);
  tool.terminal_operation_id = id;
  tool.summary = { type: 'terminal', operation_id: id };
  if (opening.process !== undefined)
    join(draft, operation, { process: opening.process, threadId: tool.thread_id });
}

/** A command begins a terminal of its own; what is typed goes into the latest one of that process. */
function join(
  draft: Draft,
  operation: Mutable<TerminalOperation>,
  { process, threadId }: { readonly process: string; readonly threadId: string },
): void {
  const { terminalByProcess } = conversationOf(draft, threadId);
  draft.processes.set(operation.operation_id, process);
  const latest = operation.kind === 'write_stdin' ? terminalByProcess.get(process) : undefined;
  const shared = draft.sessions.get(latest ?? '');
  if (shared) {
    shared.operation_ids.push(operation.operation_id);
    operation.terminal_id = shared.terminal_id;
    return;
  }
  const id = `terminal_session:${operation.operation_id}`;
  draft.sessions.set(id, {
    terminal_id: id,
    thread_id: threadId,
    created_by_operation_id: operation.operation_id,
    operation_ids: [operation.operation_id],
    execution: { ...operation.execution, ended_at_unix_ms: null, ended_seq: null, status: 'running' },
  });
  operation.terminal_id = id;
  terminalByProcess.set(process, id);
}

const operationOf = (draft: Draft, tool: Mutable<ToolCall>): Mutable<TerminalOperation> | undefined =>
  draft.operations.get(tool.terminal_operation_id ?? '');
