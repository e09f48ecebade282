import type { Attributes } from '@opentelemetry/api';
import type { FactTime } from '../facts/fact.ts';
import type { InferenceFact } from '../facts/inference.ts';
import { inputMessages, instructionsOf, outputMessages } from './genai-messages.ts';
import { GENAI, GENERAL, providerName } from './genai-names.ts';
import { measureInference } from './measure-inference.ts';
import { contextAt, innermost, nameOf, placeOf, SPANS, textOf } from './speaker.ts';
import type { Speaker, ThreadTold } from './speaker.ts';
import { recordStream } from './stream-span.ts';
import { errorType } from './words.ts';

type Told<Type extends InferenceFact['type']> = Extract<InferenceFact, { readonly type: Type }> & FactTime;

export function tellSamplingStarted(
  speaker: Speaker,
  thread: ThreadTold,
  { atMs, turnId, samplingId }: Told<'sampling_started'>,
): void {
  const turn = turnId === undefined ? undefined : thread.turns.get(turnId);
  thread.spans.open(SPANS.sampling(samplingId), 'run_sampling_request', {
    parent: contextAt(speaker.api, innermost(thread, { turnId })),
    atMs,
    attributes: {
      ...(turnId !== undefined && { turn_id: turnId }),
      model: textOf(speaker, turn?.model ?? thread.facts.model),
      cwd: textOf(speaker, thread.facts.cwd),
    },
  });
  if (turn) turn.samplingId = samplingId;
}

export function tellSamplingEnded(
  { spans, turns }: ThreadTold,
  { atMs, turnId, samplingId, retries }: Told<'sampling_ended'>,
): void {
  spans.end(SPANS.sampling(samplingId), { atMs, attributes: { 'codex.sampling.retries': retries } });
  const turn = turnId === undefined ? undefined : turns.get(turnId);
  if (turn?.samplingId === samplingId) turn.samplingId = undefined;
}

/**
 * `try_run_sampling_request`, below it the span of the transport, below that `chat {model}`: the call as the GenAI
 * conventions see it, which is the parent of whatever the provider records. Each attempt after a 401 is a call of its own.
 */
export function tellInferenceStarted(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Told<'inference_started'>,
): void {
  const { api } = speaker;
  const { spans, facts } = thread;
  const { atMs, turnId, inferenceId, purpose, transport, provider } = fact;
  const model = textOf(speaker, fact.model);
  const turn = turnId === undefined ? undefined : thread.turns.get(turnId);
  if (turn && purpose === 'turn') turn.inferences += 1;
  let parent = contextAt(api, innermost(thread, { turnId }));
  if (purpose === 'turn')
    parent = spans.open(SPANS.attempt(inferenceId), 'try_run_sampling_request', {
      parent,
      atMs,
      attributes: { ...(turnId !== undefined && { turn_id: turnId }), model },
    }).context;
  if (transport !== 'scripted')
    parent = spans.open(SPANS.client(inferenceId), CLIENT_SPANS[transport], {
      parent,
      atMs,
      attributes: {
        model,
        provider: textOf(speaker, provider.name),
        wire_api: 'responses',
        transport: `responses_${transport}`,
        ...(transport === 'http' && { 'http.method': 'POST' }),
        'api.path': fact.endpoint,
        'turn.has_metadata_header': fact.hasTurnMetadata,
        ...(transport === 'websocket' && { 'websocket.warmup': purpose === 'prewarm' }),
      },
    }).context;
  const attributes = {
    [GENAI.operation]: 'chat',
    [GENAI.provider]: nameOf(speaker, providerName(provider.id)),
    [GENAI.requestModel]: model,
    ...(provider.host !== undefined && { [GENERAL.serverAddress]: provider.host }),
    ...(provider.port !== undefined && { [GENERAL.serverPort]: provider.port }),
  };
  thread.inferences.set(inferenceId, {
    purpose,
    startedAtMs: atMs,
    model,
    attributes,
    deltas: new Map(),
    events: 0,
  });
  // A warm-up asks for no answer.
  if (purpose === 'prewarm') return;
  spans.open(SPANS.chat(inferenceId), `chat ${model}`, {
    parent,
    atMs,
    kind: api.SpanKind.CLIENT,
    attributes: {
      ...attributes,
      [GENAI.conversation]: facts.threadId,
      [GENAI.stream]: true,
      ...(fact.effort !== undefined && { [GENAI.reasoningLevel]: fact.effort }),
      ...(thread.isCompacted && { [GENAI.compacted]: true }),
      ...(speaker.capturesContent && requestContent(speaker, fact)),
    },
  });
}

const CLIENT_SPANS = {
  http: 'model_client.stream_responses_api',
  websocket: 'model_client.stream_responses_websocket',
} as const;

function requestContent(speaker: Speaker, { request }: Told<'inference_started'>): Attributes {
  const body = request();
  const { previous_response_id: previous } = body;
  const instructions = instructionsOf(speaker.redactor, body);
  return {
    [GENAI.inputMessages]: inputMessages(speaker.redactor, body),
    ...(instructions !== undefined && { [GENAI.instructions]: instructions }),
    ...(typeof previous === 'string' && { [GENAI.previousResponse]: textOf(speaker, previous) }),
  };
}

export function tellInferenceEnded(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Told<'inference_ended'>,
): void {
  const { spans, inferences, auth } = thread;
  const { atMs, inferenceId, turnId, usage } = fact;
  const told = inferences.get(inferenceId);
  auth.response(fact);
  if (fact.status === 'completed' && usage)
    speaker.events.emit('codex.sse_event completed', placeOf(thread, { turnId, inferenceId }, fact), {
      'event.kind': 'response.completed',
      input_token_count: usage.input_tokens,
      output_token_count: usage.output_tokens,
      cached_token_count: usage.cached_input_tokens,
      reasoning_token_count: usage.reasoning_output_tokens,
      tool_token_count: usage.total_tokens,
      ttft_ms: fact.firstTokenMs,
    });
  if (!told) return;
  const error = errorOf(speaker, fact);
  spans.end(SPANS.chat(inferenceId), { atMs, attributes: answerAttributes(speaker, fact), error });
  const client = spans.find(SPANS.client(inferenceId));
  if (fact.firstEventMs !== undefined && told.purpose !== 'prewarm')
    recordStream(speaker, thread, fact, told);
  client?.span.setAttributes({
    ...(fact.httpStatus !== undefined && { [GENERAL.httpStatus]: fact.httpStatus }),
    ...(fact.upstreamRequestId !== null && { upstream_request_id: textOf(speaker, fact.upstreamRequestId) }),
  });
  spans.end(SPANS.client(inferenceId), { atMs, error });
  spans.end(SPANS.attempt(inferenceId), { atMs, error });
  if (told.purpose !== 'prewarm') measureInference(speaker, told, fact, error);
  inferences.delete(inferenceId);
}

/** `401` for what was answered with 401; a class; nothing for what somebody gave up. */
function errorOf(
  { redactor }: Speaker,
  { status, httpStatus, error }: Told<'inference_ended'>,
): string | undefined {
  if (status === 'completed') return undefined;
  if (httpStatus !== undefined && httpStatus >= FIRST_ERROR_STATUS) return String(httpStatus);
  return status === 'cancelled' ? undefined : errorType(redactor, error);
}

const FIRST_ERROR_STATUS = 400;

function answerAttributes(speaker: Speaker, fact: Told<'inference_ended'>): Attributes {
  const { usage, responseId, responseModel, httpStatus, firstEventMs } = fact;
  return {
    'codex.inference.status': fact.status,
    ...(responseId !== null && { [GENAI.responseId]: textOf(speaker, responseId) }),
    ...(responseModel !== undefined && { [GENAI.responseModel]: textOf(speaker, responseModel) }),
    ...(httpStatus !== undefined && { [GENERAL.httpStatus]: httpStatus }),
    ...(firstEventMs !== undefined && { [GENAI.timeToFirstChunk]: firstEventMs / 1000 }),
    ...(usage && {
      [GENAI.inputTokens]: usage.input_tokens,
      [GENAI.outputTokens]: usage.output_tokens,
      [GENAI.cacheReadTokens]: usage.cached_input_tokens,
      [GENAI.reasoningTokens]: usage.reasoning_output_tokens,
    }),
    ...(speaker.capturesContent && { [GENAI.outputMessages]: outputMessages(speaker.redactor, fact.items) }),
  };
}
