import type { FactTime } from '../facts/fact.ts';
import type { ThreadFact, TurnEnded } from '../facts/thread.ts';
import { GENAI } from './genai-names.ts';
import { knownTags, placeOf, SPANS, textOf } from './speaker.ts';
import type { Speaker, ThreadTold } from './speaker.ts';
import { parentOf } from './tell-thread.ts';
import type { Parents } from './tell-thread.ts';
import { countCharacters, errorType } from './words.ts';

type Told<Type extends ThreadFact['type']> = Extract<ThreadFact, { readonly type: Type }> & FactTime;

/** `session_task.<kind>`; in a turn with a model also `run_turn` and, for readers of the GenAI conventions, `invoke_agent`. */
export function tellTurnStarted(
  speaker: Speaker,
  thread: ThreadTold,
  { atMs, turnId, kind, model, effort, trace }: Told<'turn_started'>,
  parents: Parents,
): void {
  const { spans, dispatched, facts } = thread;
  const parent = dispatched.get(turnId) ?? parentOf(speaker, thread, trace, parents);
  dispatched.delete(turnId);
  spans.find(SPANS.exec)?.span.setAttribute('turn.id', turnId);
  const task = spans.open(SPANS.task(turnId), `session_task.${kind}`, {
    parent,
    atMs,
    attributes: {
      'thread.id': facts.threadId,
      'turn.id': turnId,
      model: textOf(speaker, model),
      'codex.turn.reasoning_effort': effort ?? 'default',
    },
  });
  if (kind !== 'turn') return;
  const ids = { 'conversation.id': facts.threadId, 'turn.id': turnId };
  const run = spans.open(SPANS.run(turnId), 'run_turn', { parent: task.context, atMs, attributes: ids });
  spans.open(SPANS.agent(turnId), `invoke_agent ${speaker.agentName}`, {
    parent: run.context,
    atMs,
    attributes: {
      [GENAI.operation]: 'invoke_agent',
      [GENAI.agent]: speaker.agentName,
      [GENAI.conversation]: facts.threadId,
      [GENAI.requestModel]: textOf(speaker, model),
    },
  });
}

export function tellTurnEnded(speaker: Speaker, thread: ThreadTold, fact: TurnEnded & FactTime): void {
  const { events, redactor } = speaker;
  const { spans, turns, auth } = thread;
  const { atMs, turnId, usage, status } = fact;
  const turn = turns.get(turnId);
  const error = status === 'failed' ? errorType(redactor, fact.cause) : undefined;
  events.emit('codex.turn_profile', placeOf(thread, { turnId }, fact), {
    turn_id: turnId,
    sampling_request_count: fact.requests,
    sampling_retry_count: fact.retries,
    critical_path_status: 'disabled',
  });
  if (turn?.samplingId !== undefined) spans.end(SPANS.sampling(turn.samplingId), { atMs, error });
  spans.end(SPANS.agent(turnId), {
    atMs,
    attributes: { [GENAI.inputTokens]: usage.input_tokens, [GENAI.outputTokens]: usage.output_tokens },
    error,
  });
  spans.end(SPANS.run(turnId), { atMs, error });
  const counts = {
    input_tokens: usage.input_tokens,
    cached_input_tokens: usage.cached_input_tokens,
    non_cached_input_tokens: Math.max(0, usage.input_tokens - usage.cached_input_tokens),
    output_tokens: usage.output_tokens,
    reasoning_output_tokens: usage.reasoning_output_tokens,
    total_tokens: usage.total_tokens,
  };
  spans.end(SPANS.task(turnId), {
    atMs,
    attributes: {
      'codex.turn.status': status,
      ...(fact.cause !== undefined && { 'codex.turn.cause': errorType(redactor, fact.cause) }),
      ...Object.fromEntries(
        Object.entries(counts).map(([name, count]) => [`codex.turn.token_usage.${name}`, count]),
      ),
      // Also where a prewarm before the turn was refused: its evidence is what the turn began with.
      ...knownTags(speaker, auth.tags()),
    },
    error,
  });
  measureTurn(speaker, thread, fact);
  turns.delete(turnId);
}

function measureTurn(
  { measurements, agentName, redactor }: Speaker,
  thread: ThreadTold,
  fact: TurnEnded,
): void {
  const { turns } = thread;
  const { turnId, usage, durationMs } = fact;
  const turn = turns.get(turnId);
  const tags = turn?.tags ?? thread.tags;
  const { count, record, genAi } = measurements;
  count('codex.conversation.turn.count', tags);
  record('codex.turn.e2e_duration_ms', durationMs, tags);
  record('codex.turn.tool.call', fact.toolCalls, tags);
  const byType = {
    total: usage.total_tokens,
    input: usage.input_tokens,
    cached_input: usage.cached_input_tokens,
    output: usage.output_tokens,
    reasoning_output: usage.reasoning_output_tokens,
  };
  for (const [type, tokens] of Object.entries(byType))
    record('codex.turn.token_usage', tokens, { ...tags, token_type: type });
  const error = fact.status === 'failed' ? { 'error.type': errorType(redactor, fact.cause) } : {};
  const attributes = { [GENAI.agent]: agentName, ...error };
  genAi('gen_ai.invoke_agent.duration', durationMs / 1000, attributes);
  genAi('gen_ai.invoke_agent.inference_calls', turn?.inferences ?? fact.requests, attributes);
  genAi('gen_ai.invoke_agent.tool_calls', fact.toolCalls, attributes);
}

export function tellPrompt(speaker: Speaker, thread: ThreadTold, fact: Told<'prompt'>): void {
  const { text, turnId } = fact;
  speaker.events.emit('codex.user_prompt', placeOf(thread, { turnId }, fact), {
    prompt_length: () => countCharacters(text),
    prompt: speaker.logUserPrompt ? text : '[REDACTED]',
    text_input_count: fact.textInputs,
    image_input_count: fact.imageInputs,
    local_image_input_count: fact.localImageInputs,
  });
}

export function tellFirst(
  { events, measurements }: Speaker,
  thread: ThreadTold,
  fact: Told<'first_token' | 'first_message'>,
): void {
  const { turnId, durationMs } = fact;
  const tags = thread.turns.get(turnId)?.tags ?? thread.tags;
  if (fact.type === 'first_message') {
    measurements.record('codex.turn.ttfm.duration_ms', durationMs, tags);
    return;
  }
  events.emit('codex.turn_ttft', placeOf(thread, { turnId }, fact), { duration_ms: durationMs });
  measurements.record('codex.turn.ttft.duration_ms', durationMs, tags);
}
