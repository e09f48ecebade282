import type { RateLimitSnapshot } from '../../protocol/usage.ts';
import type { ModelRequest } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import { ModelError } from '../error.ts';
import type { AttemptFacts } from '../../../telemetry/facts/attempt.ts';
import { beginInference } from '../inference/inference.ts';
import type { Inference } from '../inference/inference.ts';
import type { AskedFor } from '../observer.ts';
import { requestBody, wireInput } from '../request/body.ts';
import type { RequestBody } from '../request/body.ts';
import { headEvents } from '../request/head-events.ts';
import type { RequestContext } from '../request/headers.ts';
import { connect } from './connect.ts';
import type { ConnectOptions, Connected } from './connect.ts';
import { createFrame, processedFrame } from './frame.ts';
import { createResponseReader } from './responses.ts';
import { continuationOf } from './reuse.ts';
import type { CompletedExchange } from './reuse.ts';
import { createTurnstile } from './turnstile.ts';

export interface WebsocketStreamOptions {
  readonly signal: AbortSignal;
  /** False for a request that only makes the server ready. */
  readonly generates: boolean;
}

/**
 * The Responses API over one WebSocket, which outlives turns (spec/transport.md 2). One response at a time: whoever asks
 * meanwhile waits. A response that is abandoned takes its connection with it, since what is left of it would otherwise
 * stand before the next one (trap 19).
 */
export interface WebsocketTransport {
  /**
   * One response, in batches of what came together. Ends after `completed`; after anything else the connection is gone
   * before anybody hears of it.
   * @throws ModelError, HttpRequiredError for an upgrade that was answered 426, or the reason of `signal`
   */
  stream(
    request: ModelRequest,
    context: RequestContext,
    options: WebsocketStreamOptions,
  ): AsyncGenerator<readonly ModelEvent[], void, undefined>;
  /** Best effort `response.processed`; never rejects, and nothing is opened for it. */
  processed(responseId: string): Promise<void>;
  /** Drops the connection, now or when the response on it has ended, and all that is remembered of it. */
  retire(): void;
  /** Drops the connection at once; nothing is opened any more. */
  close(): void;
}

/** Frames tell of rate limits here. */
const NO_SNAPSHOTS: readonly RateLimitSnapshot[] = [];

const CLOSED = 'the client of the model is closed';
/** Not worth another try. */
const closedError = (): ModelError => new ModelError({ kind: 'fatal', message: CLOSED }, CLOSED);

const withoutIds = (body: RequestBody): RequestBody => ({
  ...body,
  input: wireInput(body.input, { keepsIds: false }),
});

interface Session extends Connected {
  /** The last response; undefined from the moment that the next request is made until that is complete. */
  previous: CompletedExchange | undefined;
}

/** Opens nothing before the first request. */
export function createWebsocketTransport(options: ConnectOptions): WebsocketTransport {
  const { provider, identity, observer, clock } = options;
  const { installationId } = identity;
  const enter = createTurnstile();
  let session: Session | undefined;
  /** Ends the response that is under way. */
  let running: AbortController | undefined;
  /** The connection of that response goes with it, also one that is still being made. */
  let isRetiring = false;
  let isClosed = false;

  const drop = (reason?: unknown): void => {
    session?.connection.drop(reason);
    session = undefined;
  };
  /** Bounded, since a peer that stops reading would hold a turn for ever (2.4). */
  const send = async (
    { connection, facts }: Session,
    frame: string,
    { scope, isReused }: { readonly scope: AskedFor; readonly isReused: boolean },
  ): Promise<void> => {
    const startedAt = clock.elapsed();
    const tell = (end: Pick<AttemptFacts, 'success' | 'error'>): void =>
      observer.attempt(
        {
          kind: 'websocket_request',
          attempt: 0,
          durationMs: Math.round(clock.elapsed() - startedAt),
          connectionReused: isReused,
          ...facts,
          ...end,
        },
        scope,
      );
    try {
      await connection.send(frame, provider.limits.streamIdleTimeoutMs);
      tell({ success: true });
    } catch (error) {
      tell({ success: false, error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };

  async function* stream(
    request: ModelRequest,
    context: RequestContext,
    { signal, generates }: WebsocketStreamOptions,
  ): AsyncGenerator<readonly ModelEvent[], void, undefined> {
    const leave = await enter(signal);
    const stop = new AbortController();
    running = stop;
    let isComplete = false;
    let inference: Inference | undefined;
    const abort = (): void => stop.abort(signal.reason);
    const finish = (): void => {
      // A consumer may leave long after the end, when another response is under way.
      if (running !== stop) return;
      running = undefined;
      signal.removeEventListener('abort', abort);
      if (!isComplete || isRetiring) drop();
      isRetiring = false;
      leave();
    };
    try {
      signal.throwIfAborted();
      if (isClosed) throw closedError();
      signal.addEventListener('abort', abort);
      stop.signal.addEventListener('abort', () => {
        inference?.fail(stop.signal.reason);
        drop(stop.signal.reason);
      });
      if (session && !session.connection.isOpen) session = undefined;
      const isReused = session !== undefined;
      const used = (session ??= await open(request, context, stop.signal));
      stop.signal.throwIfAborted();
      const { previous } = used;
      used.previous = undefined;
      const storesResponses = provider.isAzure;
      const body = requestBody(request, { installationId, windowId: context.windowId, storesResponses });
      const continuation = continuationOf(previous, body);
      const { windowId } = context;
      const facts = { continuation, generates, installationId, windowId, sentAtMs: clock.now() };
      // What a warm-up took along was never asked for: the request is told whole (spec/observability.md 5).
      const isWhole = continuation !== undefined && previous?.isWarmUp === true;
      inference = beginInference({
        observer,
        clock,
        request,
        purpose: generates ? undefined : 'prewarm',
        transport: 'websocket',
        endpoint: used.facts.endpoint,
        provider,
        url: used.baseUrl,
        told: () => (isWhole ? withoutIds(body) : createFrame(request, body, facts)),
        signal: stop.signal,
      });
      const { scope } = inference;
      const reader = createResponseReader({
        ...used,
        endedId: previous?.responseId,
        told: inference.response,
        clock,
      });
      reader.passOver(used.connection.takeWaiting());
      // Per request, as a connection outlives the turn that made it (spec/observability.md, trap 16).
      const trace = inference.traceContext() ?? request.trace;
      const frame = JSON.stringify(createFrame({ ...request, trace }, body, facts));
      await send(used, frame, { scope, isReused });
      const head = headEvents(used.headers, NO_SNAPSHOTS);
      for (const event of head) inference.response?.heard(event);
      if (head.length > 0) yield head;
      while (!isComplete) {
        const messages = await used.connection.receive(provider.limits.streamIdleTimeoutMs);
        const { events, failure, completed } = reader.read(messages);
        if (failure) {
          inference.fail(failure, { isTold: true });
          drop();
        }
        if (completed) {
          isComplete = true;
          used.previous = { body, ...completed, isWarmUp: !generates };
          // Before the consumer hears of it: it may never come back.
          finish();
        }
        if (events.length > 0) yield events;
        if (failure) throw failure;
      }
    } catch (error) {
      inference?.fail(error);
      throw error;
    } finally {
      inference?.leave();
      finish();
    }
  }

  const open = async (
    request: ModelRequest,
    context: RequestContext,
    signal: AbortSignal,
  ): Promise<Session> => ({
    ...(await connect(request, context, { ...options, signal })),
    previous: undefined,
  });

  return {
    stream,
    processed: async (responseId) => {
      if (!session?.connection.isOpen) return;
      // The turn is complete whatever becomes of this.
      await session.connection
        .send(processedFrame(responseId), provider.limits.streamIdleTimeoutMs)
        .catch(() => undefined);
    },
    retire: () => {
      if (running) isRetiring = true;
      else drop();
    },
    close: () => {
      isClosed = true;
      running?.abort(closedError());
      drop();
    },
  };
}
