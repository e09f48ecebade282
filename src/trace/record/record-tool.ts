import { parseJson } from '../read-json.ts';
import { callKey } from './recording.ts';
import type { RecordedCall, RecordedThread, Recording } from './recording.ts';
import type { FactOf } from './record-fact.ts';
import { previewOf, toolKind } from './tool-kind.ts';

type ToolFacts = FactOf<
  | 'tool_started'
  | 'tool_ended'
  | 'terminal_started'
  | 'terminal_ended'
  | 'terminal_input'
  | 'mcp_call_started'
  | 'mcp_call_ended'
>;

/** Calls of tools, and what ran for them. What belongs to no call of this trace is passed over. */
export function recordTool(recording: Recording, thread: RecordedThread, fact: ToolFacts): void {
  if (fact.type === 'tool_started') return startCall(recording, thread, fact);
  const call = recording.calls.get(callKey(fact.threadId, fact.callId));
  if (!call) return;
  switch (fact.type) {
    case 'tool_ended':
      return endCall(recording, call, fact);
    case 'terminal_started':
      return startTerminal(recording, thread, { call, fact });
    case 'terminal_ended':
      return endTerminal(recording, call, fact);
    case 'terminal_input':
      return resolveInput(recording, thread, { call, fact });
    case 'mcp_call_started':
      return startMcp(recording, call, fact);
    case 'mcp_call_ended':
      return endMcp(recording, call, fact);
  }
}

function startCall(recording: Recording, thread: RecordedThread, fact: FactOf<'tool_started'>): void {
  const { threadId, turnId, callId, tool, namespace, mcpServer } = fact;
  if (!thread.turns.has(turnId)) return;
  const { writer, calls, callIds } = recording;
  const isNew = !callIds.has(callId);
  // Models count their calls anew in each thread, and some in each response.
  const id = isNew ? callId : `${callId}:${callIds.size}`;
  const isVisible = !calls.has(callKey(threadId, callId));
  callIds.add(id);
  calls.set(callKey(threadId, callId), {
    id,
    runs: undefined,
    hasStopped: false,
    hasEnded: false,
    processId: undefined,
  });
  const input = fact.input();
  const payload = writer.payload('tool_invocation', {
    tool_name: tool,
    tool_namespace: namespace ?? null,
    payload:
      parseJson(input) === undefined ? { type: 'custom', input } : { type: 'function', arguments: input },
  });
  writer.event(
    {
      type: 'tool_call_started',
      tool_call_id: id,
      model_visible_call_id: isVisible ? callId : null,
      code_mode_runtime_tool_id: null,
      requester: { type: 'model' },
      kind: toolKind(tool, mcpServer),
      summary: {
        type: 'generic',
        label: namespace === undefined ? tool : `${namespace}.${tool}`,
        input_preview: previewOf(input),
        output_preview: null,
      },
      invocation_payload: payload ?? null,
    },
    { threadId, turnId },
  );
}

function endCall({ writer }: Recording, call: RecordedCall, fact: FactOf<'tool_ended'>): void {
  if (call.hasEnded) return;
  call.hasEnded = true;
  const { threadId, turnId, callId, status } = fact;
  const payload = writer.payload('tool_result', {
    type: 'direct_response',
    response_item: { type: 'function_call_output', call_id: callId, output: fact.output() },
  });
  if (payload)
    writer.event(
      { type: 'tool_call_ended', tool_call_id: call.id, status, result_payload: payload },
      { threadId, turnId },
    );
}

function startTerminal(
  { writer }: Recording,
  thread: RecordedThread,
  { call, fact }: { readonly call: RecordedCall; readonly fact: FactOf<'terminal_started'> },
): void {
  if (call.runs) return;
  call.runs = 'terminal';
  const { threadId, turnId, callId, processId, command, cwd } = fact;
  call.processId = processId;
  if (processId !== undefined) thread.processes.set(processId, call.id);
  const payload = writer.payload('tool_runtime_event', {
    call_id: callId,
    ...(processId !== undefined && { process_id: processId }),
    turn_id: turnId,
    started_at_ms: fact.atMs,
    command,
    cwd,
    parsed_cmd: [],
    tty: fact.isTerminal,
  });
  if (payload)
    writer.event(
      {
        type: 'tool_call_runtime_started',
        tool_call_id: call.id,
        kind: { type: 'exec_command' },
        runtime_payload: payload,
      },
      { threadId, turnId },
    );
}

function endTerminal({ writer }: Recording, call: RecordedCall, fact: FactOf<'terminal_ended'>): void {
  if (call.runs !== 'terminal' || call.hasStopped) return;
  call.hasStopped = true;
  const { threadId, turnId, callId } = fact;
  const processId = call.processId ?? fact.processId;
  const payload = writer.payload('tool_runtime_event', {
    call_id: callId,
    ...(processId !== undefined && { process_id: processId }),
    turn_id: turnId,
    completed_at_ms: fact.atMs,
    aggregated_output: fact.output(),
    exit_code: fact.exitCode,
    duration_ms: fact.durationMs,
    status: fact.status,
  });
  if (payload)
    writer.event(
      {
        type: 'tool_call_runtime_ended',
        tool_call_id: call.id,
        status: fact.status === 'completed' ? 'completed' : 'failed',
        runtime_payload: payload,
      },
      { threadId, turnId },
    );
}

/** What is typed goes into the terminal of the call that started the process. */
function resolveInput(
  { writer }: Recording,
  thread: RecordedThread,
  { call, fact }: { readonly call: RecordedCall; readonly fact: FactOf<'terminal_input'> },
): void {
  const target = thread.processes.get(fact.processId);
  if (target === undefined || target === call.id) return;
  writer.event(
    { type: 'stdin_target_resolved', tool_call_id: call.id, exec_tool_call_id: target },
    { threadId: fact.threadId, turnId: fact.turnId },
  );
}

function startMcp({ writer }: Recording, call: RecordedCall, fact: FactOf<'mcp_call_started'>): void {
  if (call.runs) return;
  call.runs = 'mcp';
  const { threadId, turnId, callId, server, tool } = fact;
  const scope = { threadId, turnId };
  const payload = writer.payload('tool_runtime_event', {
    call_id: callId,
    turn_id: turnId,
    invocation: fact.invocation(),
  });
  if (!payload) return;
  writer.event(
    {
      type: 'tool_call_runtime_started',
      tool_call_id: call.id,
      kind: { type: 'mcp', server, tool },
      runtime_payload: payload,
    },
    scope,
  );
  writer.event(
    { type: 'mcp_tool_call_correlation_assigned', tool_call_id: call.id, mcp_call_id: fact.mcpCallId },
    scope,
  );
}

function endMcp({ writer }: Recording, call: RecordedCall, fact: FactOf<'mcp_call_ended'>): void {
  if (call.runs !== 'mcp' || call.hasStopped) return;
  call.hasStopped = true;
  const { threadId, turnId, error } = fact;
  const payload = writer.payload('tool_runtime_event', {
    result: error === undefined ? { Ok: fact.result() } : { Err: error },
    duration_ms: fact.durationMs,
  });
  if (payload)
    writer.event(
      {
        type: 'tool_call_runtime_ended',
        tool_call_id: call.id,
        status: error === undefined ? 'completed' : 'failed',
        runtime_payload: payload,
      },
      { threadId, turnId },
    );
}
