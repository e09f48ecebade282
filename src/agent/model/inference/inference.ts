import type { Clock } from '../../../host/clock.ts';
import type { JsonObject } from '../../../host/json.ts';
import type { TraceContext } from '../../../telemetry/observer.ts';
import { hostAndPort } from '../../../target/provider/address.ts';
import type { ModelProvider } from '../../provider/provider.ts';
import type { ModelRequest, Transport } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import type { AskedFor, InferenceEnd, ModelObserver } from '../observer.ts';
import { errorInFacts, errorOfStatus } from './error-in-facts.ts';
import { createResponseTeller } from './response-teller.ts';
import type { ResponseTeller } from './response-teller.ts';

/**
 * One try to get a response, told to whoever listens: its start, what its stream brings, and one end, the first that
 * comes. With a 401, a retry of the turn or another transport a new one begins; the retries inside of one HTTP call
 * belong to it, as the real agent counts (measured with 0.169).
 */
export interface Inference {
  readonly scope: AskedFor;
  /** Undefined where nobody listens, so that the events of a long answer cost nothing for it. */
  readonly response: ResponseTeller | undefined;
  /** What an attempt is to carry; asked anew for each. */
  traceContext(): TraceContext | undefined;
  /** `x-codex-inference-call-id`; undefined where requests carry none. */
  readonly callId: string | undefined;
  /** The head of an answer has come. */
  answered(upstreamRequestId: string | null): void;
  complete(response: CompletedResponse): void;
  /** Cancelled where the request was aborted, failed otherwise. */
  fail(error: unknown, known?: FailureFacts): void;
  /** The consumer goes; nothing where the end has come. */
  leave(): void;
}

export interface CompletedResponse {
  readonly responseId: string | null;
  readonly usage?: InferenceEnd['usage'];
  /** Where they did not come one by one. */
  readonly items?: readonly object[];
}

export interface FailureFacts {
  readonly httpStatus?: number;
  readonly upstreamRequestId?: string | null;
  /** The server told of it in the stream: its words are not passed on. */
  readonly isTold?: boolean;
}

export interface InferenceOptions {
  readonly observer: ModelObserver;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly request: Pick<ModelRequest, 'turnId' | 'purpose' | 'model' | 'effort' | 'turnMetadata'>;
  readonly purpose?: 'compaction' | 'prewarm' | undefined;
  readonly transport: Transport;
  readonly endpoint: string;
  readonly provider: Pick<ModelProvider, 'id' | 'name'>;
  /** Where the request goes. */
  readonly url?: string;
  /** The logical request, called if a listener wants it. */
  readonly told: () => object;
  /** What ends the request before its time. */
  readonly signal: AbortSignal;
}

const INTERRUPTED = 'the request was aborted';
const LEFT = 'the consumer left';

/** Tells the start. Without a listener it is a name for the turn and nothing else. */
export function beginInference(options: InferenceOptions): Inference {
  const { observer, clock, request, transport, provider, signal } = options;
  const { inferences } = observer;
  const turn: AskedFor = request.turnId === undefined ? {} : { turnId: request.turnId };
  if (!inferences && !observer.streamEvent && !observer.streamDeltas) return unheard(turn);

  const inferenceId = inferences?.newId() ?? '';
  const scope: AskedFor = inferences ? { ...turn, inferenceId } : turn;
  const startedAt = clock.elapsed();
  const items: object[] = [];
  let upstreamRequestId: string | null = null;
  let hasEnded = false;

  const since = (at: number): number => Math.round(at - startedAt);
  const end = (how: Pick<InferenceEnd, 'status' | 'error' | 'httpStatus'>, of?: CompletedResponse): void => {
    if (hasEnded) return;
    hasEnded = true;
    response.end();
    const { firstEventAt, firstTokenAt, model } = response;
    inferences?.ended({
      ...turn,
      inferenceId,
      responseId: of?.responseId ?? null,
      upstreamRequestId,
      ...(model !== undefined && { responseModel: model }),
      ...(of?.usage && { usage: of.usage }),
      items: (of?.items ?? items) as readonly JsonObject[],
      ...how,
      ...(firstEventAt !== undefined && { firstEventMs: since(firstEventAt) }),
      ...(firstTokenAt !== undefined && { firstTokenMs: since(firstTokenAt) }),
      durationMs: since(clock.elapsed()),
    });
  };
  const onEvent = (event: ModelEvent): void => {
    if (event.type === 'item_done') items.push(event.item);
    else if (event.type === 'completed') end({ status: 'completed' }, event);
  };
  const response = createResponseTeller({
    observer,
    clock,
    transport: transport === 'websocket' ? 'websocket' : 'http',
    scope,
    onEvent,
  });

  const effort = request.effort ?? request.model.defaultEffort;
  inferences?.started({
    ...turn,
    inferenceId,
    purpose: options.purpose ?? request.purpose ?? 'turn',
    transport,
    endpoint: options.endpoint,
    model: request.model.slug,
    provider: { id: provider.id, name: provider.name, ...hostAndPort(options.url ?? '') },
    ...(effort !== undefined && { effort }),
    hasTurnMetadata: request.turnMetadata !== undefined,
    request: () => options.told() as JsonObject,
  });
  return {
    scope,
    response,
    traceContext: () => inferences?.traceContext(scope),
    callId: inferences?.areNamed === true ? inferenceId : undefined,
    answered: (id) => {
      upstreamRequestId = id;
    },
    complete: (of) => end({ status: 'completed' }, of),
    fail: (error, { isTold = false, httpStatus, upstreamRequestId: id } = {}) => {
      upstreamRequestId = id ?? upstreamRequestId;
      if (signal.aborted) return end({ status: 'cancelled', error: INTERRUPTED });
      const seen = httpStatus === undefined ? errorInFacts(error, { isTold }) : errorOfStatus(httpStatus);
      end({ status: 'failed', ...seen });
    },
    leave: () => end({ status: 'cancelled', error: signal.aborted ? INTERRUPTED : LEFT }),
  };
}

const nothing = (): undefined => undefined;

const unheard = (scope: AskedFor): Inference => ({
  scope,
  response: undefined,
  traceContext: nothing,
  callId: undefined,
  answered: nothing,
  complete: nothing,
  fail: nothing,
  leave: nothing,
});
