import type { Dispatcher } from 'undici';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import type { WritableRequest } from '../request/headers.ts';

/** An answer whose head has come. Its body waits until somebody takes it. */
export interface Exchange {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: AnswerHeaders;
  /** Lets the body flow. To be called once. */
  receive(sink: BodySink): void;
  pause(): void;
  resume(): void;
  /** Ends the connection; nothing is told any more. Harmless once the body has ended. */
  abort(): void;
}

/** Called synchronously, as bytes come. Nothing follows `end` or `fail`. */
export interface BodySink {
  data(chunk: Buffer): void;
  end(): void;
  /** The connection broke, or the signal was aborted: then with its reason. */
  fail(error: unknown): void;
}

export interface OutgoingRequest extends WritableRequest {
  readonly method: 'POST';
  readonly body: Uint8Array;
}

/** The idle time of a stream is kept per event by whoever reads it, and for the head of an answer there is none. */
const NO_TIMEOUT = 0;
/** Below are hints that an answer is on its way. */
const FIRST_FINAL_STATUS = 200;

/**
 * Sends one request and waits for the head of its answer, without a limit of its own (spec/transport.md 1.7). Works on
 * the dispatcher itself: a stream in between would cost more than the parsing of what it carries.
 * @throws what undici or the dialler reports, or the reason of `signal`
 */
export function exchange(
  dispatcher: Dispatcher,
  { url, method, headers, body }: OutgoingRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let sink: BodySink | undefined;
    /** How it ended, for a sink that comes later. */
    let tell: ((to: BodySink) => void) | undefined;

    const finish = (how: (to: BodySink) => void): void => {
      if (tell) return;
      tell = how;
      signal.removeEventListener('abort', onAbort);
      if (sink) how(sink);
    };
    const fail = (error: unknown): void => {
      finish((to) => to.fail(error));
      // Without effect where the head has come.
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const drop = (): void => controller?.abort(new Error('the request is no longer wanted'));
    const onAbort = (): void => {
      fail(signal.reason);
      drop();
    };
    const answer = (status: number, answered: AnswerHeaders): Exchange => ({
      status,
      headers: answered,
      receive: (receiver) => {
        sink = receiver;
        if (tell) tell(receiver);
        else controller?.resume();
      },
      pause: () => controller?.pause(),
      resume: () => controller?.resume(),
      abort: () => {
        if (tell) return;
        sink = undefined;
        finish(() => {});
        drop();
      },
    });

    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    const options: Dispatcher.DispatchOptions = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...headers },
      body,
      headersTimeout: NO_TIMEOUT,
      bodyTimeout: NO_TIMEOUT,
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (started) => {
        controller = started;
        // The connection came too late.
        if (tell) drop();
      },
      onResponseStart: (started, status, answered) => {
        if (status < FIRST_FINAL_STATUS) return;
        started.pause();
        resolve(answer(status, answered));
      },
      onResponseData: (_started, chunk) => {
        if (!tell) sink?.data(chunk);
      },
      onResponseEnd: () => finish((to) => to.end()),
      onResponseError: (_started, error) => fail(error),
    };
    try {
      dispatcher.dispatch(options, handler);
    } catch (error) {
      // A request that undici does not take.
      fail(error);
    }
  });
}
