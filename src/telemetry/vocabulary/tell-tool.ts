import { once } from '../../host/once.ts';
import type { FactTime } from '../facts/fact.ts';
import type { ToolFact } from '../facts/tool.ts';
import { GENAI, GENERAL } from './genai-names.ts';
import { callKey, contextAt, innermost, nameOf, placeOf, SPANS, tagsOf, textOf } from './speaker.ts';
import type { CallTold, Speaker, ThreadTold } from './speaker.ts';
import { countLines, safeText, tagValue } from './words.ts';

type Told<Type extends ToolFact['type']> = Extract<ToolFact, { readonly type: Type }> & FactTime;

/** Calls whose end is never told must not be kept for ever. */
const MAX_CALLS = 1024;
/** Of codex: the tools that open terminals. */
const TERMINAL_TOOLS: ReadonlySet<string> = new Set(['exec_command', 'unified_exec']);

/**
 * The dispatch under the name of the tool, as codex has it, and below it `execute_tool {tool}` of the GenAI conventions.
 */
export function tellToolStarted(speaker: Speaker, thread: ThreadTold, fact: Told<'tool_started'>): void {
  const { spans, calls, facts } = thread;
  const { atMs, turnId, callId, namespace, origin, mcpServer, input } = fact;
  const key = callKey(fact);
  const tool = nameOf(speaker, fact.tool);
  const id = textOf(speaker, callId);
  calls.set(key, {
    tool,
    namespace,
    origin,
    mcpServer,
    input,
    startedAtMs: atMs,
    mcpCallId: undefined,
    mcpError: undefined,
  });
  if (calls.size > MAX_CALLS) {
    const [oldest] = calls.keys();
    if (oldest !== undefined) calls.delete(oldest);
  }
  const dispatch = spans.open(SPANS.dispatch(key), tool, {
    parent: contextAt(speaker.api, innermost(thread, { turnId })),
    atMs,
    attributes: {
      tool_name: tool,
      call_id: id,
      tool_source: 'direct',
      'codex.tool.phase': 'dispatch',
      'thread.id': facts.threadId,
      'conversation.id': facts.threadId,
      'turn.id': turnId,
    },
  });
  const executed = spans.open(SPANS.tool(key), `execute_tool ${tool}`, {
    parent: dispatch.context,
    atMs,
    attributes: {
      [GENAI.operation]: 'execute_tool',
      [GENAI.tool]: tool,
      [GENAI.toolCall]: id,
      [GENAI.toolType]: 'function',
      [GENAI.conversation]: facts.threadId,
      [GENAI.agent]: speaker.agentName,
    },
  });
  if (speaker.capturesContent) executed.span.setAttribute(GENAI.toolArguments, textOf(speaker, input()));
  speaker.events.emit('codex.tool_call_received', placeOf(thread, { turnId }, fact), {
    tool_name: tool,
    tool_namespace: namespace,
    call_id: callId,
    turn_id: turnId,
    tool_source: 'direct',
  });
}

export function tellToolEnded(speaker: Speaker, thread: ThreadTold, fact: Told<'tool_ended'>): void {
  const { spans, calls } = thread;
  const { atMs, status } = fact;
  const key = callKey(fact);
  const call = calls.get(key);
  const tool = nameOf(speaker, fact.tool);
  const error = status === 'failed' || (status === 'completed' && !fact.success) ? TOOL_ERROR : undefined;
  emitResult(speaker, thread, fact, { call, tool });
  if (speaker.capturesContent)
    spans.find(SPANS.tool(key))?.span.setAttribute(GENAI.toolResult, textOf(speaker, fact.output()));
  // What was told with more precision (of an MCP call) stays.
  spans.end(SPANS.tool(key), { atMs, error: call?.mcpError ?? error });
  spans.end(SPANS.dispatch(key), { atMs, attributes: { aborted: status === 'cancelled' }, error });
  const tags = { ...tagsOf(thread, fact), tool: tagValue(tool), success: String(fact.success) };
  speaker.measurements.count('codex.tool.call', tags);
  speaker.measurements.record('codex.tool.call.duration_ms', fact.durationMs, tags);
  speaker.measurements.genAi('gen_ai.execute_tool.duration', fact.durationMs / 1000, {
    [GENAI.operation]: 'execute_tool',
    [GENAI.tool]: tool,
    [GENAI.toolType]: 'function',
    [GENAI.agent]: speaker.agentName,
    ...(error !== undefined && { [GENERAL.errorType]: error }),
  });
  calls.delete(key);
}

const TOOL_ERROR = 'tool_error';

function emitResult(
  { events, redactor }: Speaker,
  thread: ThreadTold,
  fact: Told<'tool_ended'>,
  { call, tool }: { readonly call: CallTold | undefined; readonly tool: string },
): void {
  const { callId, turnId, atMs } = fact;
  const place = placeOf(thread, fact, fact);
  const input = once(() => call?.input() ?? '');
  const output = once(fact.output);
  // Redacted here, since it has to be known whether something was cut.
  const shown = once(() => safeText(redactor, output()));
  thread.toolResults += 1;
  const common = { tool_name: tool, tool_namespace: call?.namespace, call_id: callId };
  events.emit('codex.tool_result_ready', place, {
    ...common,
    turn_id: turnId,
    tool_source: 'direct',
    dispatch_to_result_ready_ms: call === undefined ? fact.durationMs : atMs - call.startedAtMs,
  });
  events.emit('codex.tool_result', place, {
    ...common,
    tool_result_seq: thread.toolResults,
    duration_ms: fact.durationMs,
    success: String(fact.success),
    output_truncated: () => shown().isCut,
    agent_name: thread.facts.agentPath,
    arguments: input,
    output: () => shown().text,
    mcp_server: call?.mcpServer ?? '',
    mcp_server_origin: '',
    arguments_length: () => Buffer.byteLength(input()),
    output_length: () => Buffer.byteLength(output()),
    output_line_count: () => countLines(output()),
    tool_origin: call?.origin === 'mcp' ? 'mcp' : 'builtin',
    mcp_tool: call?.origin === 'mcp',
  });
}

export function tellToolDecision(speaker: Speaker, thread: ThreadTold, fact: Told<'tool_decision'>): void {
  speaker.events.emit('codex.tool_decision', placeOf(thread, fact, fact), {
    tool_name: nameOf(speaker, fact.tool),
    tool_namespace: fact.namespace,
    call_id: fact.callId,
    decision: fact.decision.toLowerCase(),
    source: fact.source,
  });
}

export function tellSandboxOutcome(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Told<'sandbox_outcome'>,
): void {
  speaker.events.emit('codex.sandbox_outcome', placeOf(thread, fact, fact), {
    tool_name: nameOf(speaker, fact.tool),
    call_id: fact.callId,
    outcome: fact.outcome,
    initial_duration_ms: fact.initialDurationMs,
    escalated_duration_ms: fact.escalatedDurationMs,
  });
}

export function tellTerminal(
  { measurements }: Speaker,
  thread: ThreadTold,
  fact: Told<'terminal_started' | 'terminal_ended'>,
): void {
  const found = thread.calls.get(callKey(fact));
  if (fact.type === 'terminal_ended')
    thread.spans.find(SPANS.tool(callKey(fact)))?.span.setAttribute(GENERAL.exitCode, fact.exitCode);
  else if (found && TERMINAL_TOOLS.has(found.tool))
    measurements.count('codex.tool.unified_exec', { ...tagsOf(thread, fact), tty: String(fact.isTerminal) });
}
