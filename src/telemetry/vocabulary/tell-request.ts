import type { Attributes } from '@opentelemetry/api';
import type { AttemptFacts } from '../facts/attempt.ts';
import type { FactTime, RequestFact } from '../facts/fact.ts';
import type { EventPlace } from './events.ts';
import type { Tags } from './measurements.ts';
import { TIMING_METRICS } from './codex-metrics.ts';
import { GENERAL } from './genai-names.ts';
import { contextAt, environmentFields, innermost, knownTags, placeOf, tagsOf } from './speaker.ts';
import type { Speaker, ThreadTold } from './speaker.ts';
import { errorType, eventKind, tagValue } from './words.ts';

type Told<Type extends RequestFact['type']> = Extract<RequestFact, { readonly type: Type }> & FactTime;

const FIRST_ERROR_STATUS = 400;
/** The list of models: asked with the same credential, without recovery (spec/transport.md 5.2). */
const MODELS = '/models';

/** One attempt: an event, a span of what it took, and what is known of authentication after it. */
export function tellAttempt(speaker: Speaker, thread: ThreadTold, fact: Told<'attempt'>): void {
  const { facts } = fact;
  const place = placeOf(thread, fact, fact);
  const tags = thread.auth.attempt(facts);
  emitAttempt(speaker, facts, place, environmentFields(thread.facts.authEnvironment));
  thread.spans.record(
    ATTEMPT_SPANS[facts.kind],
    {
      parent: contextAt(speaker.api, innermost(thread, fact)),
      atMs: fact.atMs - facts.durationMs,
      kind: speaker.api.SpanKind.CLIENT,
      attributes: attemptAttributes(speaker, facts, tags),
    },
    { atMs: fact.atMs, error: facts.success ? undefined : attemptError(speaker, facts) },
  );
  measureAttempt(speaker, facts, tagsOf(thread, fact));
}

/** Of a request that no thread asked for: no span is open that it could belong to. */
export function tellLoneAttempt(
  speaker: Speaker,
  { subject, tags }: Pick<ThreadTold, 'subject' | 'tags'>,
  { facts, atMs }: Told<'attempt'>,
): void {
  emitAttempt(speaker, facts, { subject, atMs, at: undefined }, {});
  measureAttempt(speaker, facts, tags);
}

const ATTEMPT_SPANS = {
  http: 'responses.stream_request',
  websocket_connect: 'responses_websocket.connect',
  websocket_request: 'responses_websocket.stream_request',
} as const;

const attemptAttributes = (
  speaker: Speaker,
  facts: AttemptFacts,
  tags: Readonly<Record<string, string>>,
): Attributes => ({
  ...knownTags(speaker, tags),
  transport: facts.kind === 'http' ? 'responses_http' : 'responses_websocket',
  ...(facts.kind === 'http' && { 'http.method': facts.endpoint === MODELS ? 'GET' : 'POST' }),
  'api.path': facts.endpoint,
  attempt: facts.attempt,
  ...(facts.httpStatus !== undefined && { [GENERAL.httpStatus]: facts.httpStatus }),
});

function attemptError({ redactor }: Speaker, { httpStatus, error }: AttemptFacts): string {
  return httpStatus !== undefined && httpStatus >= FIRST_ERROR_STATUS
    ? String(httpStatus)
    : errorType(redactor, error);
}

function emitAttempt(
  { events }: Speaker,
  facts: AttemptFacts,
  place: EventPlace,
  environment: Partial<ReturnType<typeof environmentFields>>,
): void {
  const reused = { 'auth.connection_reused': facts.connectionReused };
  const success = String(facts.success);
  if (facts.kind === 'websocket_request') {
    events.emit('codex.websocket_request', place, {
      duration_ms: facts.durationMs,
      success,
      'error.message': facts.error,
      ...environment,
      ...reused,
    });
    return;
  }
  const ofModels = facts.endpoint === MODELS;
  const values = {
    duration_ms: facts.durationMs,
    'http.response.status_code': facts.httpStatus,
    'error.message': facts.error,
    'auth.header_attached': facts.authHeaderAttached,
    'auth.header_name': facts.authHeaderName,
    ...(!ofModels && {
      'auth.retry_after_unauthorized': facts.retryAfterUnauthorized,
      'auth.recovery_mode': facts.recovery?.mode,
      'auth.recovery_phase': facts.recovery?.phase,
    }),
    endpoint: facts.endpoint,
    ...environment,
    'auth.request_id': facts.requestId,
    'auth.cf_ray': facts.cfRay,
    'auth.error': facts.authorizationError,
    'auth.error_code': facts.authorizationErrorCode,
  };
  if (facts.kind === 'websocket_connect')
    events.emit('codex.websocket_connect', place, { ...values, success, ...reused });
  else
    events.emit('codex.api_request', place, {
      ...values,
      attempt: facts.attempt,
      ...(ofModels && { success, 'auth.mode': facts.authMode }),
    });
}

function measureAttempt({ measurements }: Speaker, facts: AttemptFacts, common: Tags): void {
  const { kind, httpStatus, success, durationMs } = facts;
  const status = httpStatus === undefined ? 'none' : String(httpStatus);
  const tags = {
    ...common,
    success: String(success),
    ...(kind !== 'websocket_request' && { status }),
  };
  const name = ATTEMPT_METRICS[kind];
  measurements.count(name, tags);
  measurements.record(`${name}.duration_ms`, durationMs, tags);
}

const ATTEMPT_METRICS = {
  http: 'codex.api_request',
  websocket_connect: 'codex.websocket.connect',
  websocket_request: 'codex.websocket.request',
} as const;

export function tellRecovery({ events }: Speaker, thread: ThreadTold, fact: Told<'recovery'>): void {
  const { facts } = fact;
  thread.auth.recovery(facts);
  events.emit('codex.auth_recovery', placeOf(thread, fact, fact), {
    'auth.mode': facts.mode,
    'auth.step': facts.phase,
    'auth.outcome': facts.outcome,
    'auth.request_id': facts.requestId,
    'auth.cf_ray': facts.cfRay,
    'auth.error': facts.authorizationError,
    'auth.error_code': facts.authorizationErrorCode,
    'auth.recovery_reason': facts.reason,
    'auth.state_changed': facts.authStateChanged,
  });
}

/** An event of the span alone, so that a timeline shows from when on HTTP is used: of the turn that met it, if one did. */
export function tellFallback(
  { events }: Speaker,
  thread: ThreadTold,
  fact: Told<'websocket_fallback'>,
): void {
  const turnId = [...thread.turns.keys()].at(-1);
  events.emit('websocket_fallback', placeOf(thread, { turnId }, fact), {});
}

/** Events of a WebSocket are metrics alone, as in codex 0.169. */
export function tellStreamEvent(speaker: Speaker, thread: ThreadTold, fact: Told<'stream_event'>): void {
  const { transport, kind: given, durationMs, error, timing } = fact.facts;
  const { measurements, events } = speaker;
  const kind = eventKind(speaker.redactor, given);
  const success = error === undefined && given !== 'response.failed';
  const told = fact.inferenceId === undefined ? undefined : thread.inferences.get(fact.inferenceId);
  if (told) told.events += 1;
  const tags = tagsOf(thread, fact);
  const name = transport === 'http' ? 'codex.sse_event' : 'codex.websocket.event';
  measurements.count(name, { ...tags, kind, success: String(success) });
  measurements.record(`${name}.duration_ms`, durationMs, { ...tags, kind, success: String(success) });
  for (const [field, value] of Object.entries(timing ?? {})) {
    const metric = TIMING_METRICS[field];
    if (metric !== undefined && Number.isFinite(value) && value >= 0)
      measurements.record(metric, value, tags);
  }
  if (transport !== 'http') return;
  const values = { 'event.kind': kind, duration_ms: durationMs };
  const place = placeOf(thread, fact, fact);
  if (success) events.emit('codex.sse_event', place, values);
  else events.emit('codex.sse_event failed', place, { ...values, 'error.message': error });
}

/** All deltas of one kind of one response: one record, and a count. Their durations one by one are not known. */
export function tellStreamDeltas(
  { measurements, events, redactor }: Speaker,
  thread: ThreadTold,
  fact: Told<'stream_deltas'>,
): void {
  const { transport, count, durationMs } = fact;
  const kind = eventKind(redactor, fact.kind);
  const told = fact.inferenceId === undefined ? undefined : thread.inferences.get(fact.inferenceId);
  const known = told?.deltas.get(kind);
  if (known) {
    known.count += count;
    known.durationMs += durationMs;
  } else told?.deltas.set(kind, { count, durationMs });
  const name = transport === 'http' ? 'codex.sse_event' : 'codex.websocket.event';
  measurements.count(name, { ...tagsOf(thread, fact), kind: tagValue(kind), success: 'true' }, count);
  if (transport === 'http')
    events.emit('codex.sse_event', placeOf(thread, fact, fact), {
      'event.kind': kind,
      duration_ms: durationMs,
      'event.count': count,
    });
}
