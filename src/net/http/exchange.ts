import type { Dispatcher } from 'undici';
import type { AnswerHeaders } from './answer.ts';

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** More of the answer's body than this is not read. */
  readonly maxBodyBytes: number;
  /** Others use the dispatcher too: a request that nobody waits for any more is taken back. */
  readonly isPooled?: boolean;
}

/** A request and what came back. Times are wall time, milliseconds since the epoch. */
export interface Exchange {
  readonly sentAtMs?: number;
  /** Absent when no whole head came. */
  readonly head?: { readonly status: number; readonly headers: AnswerHeaders; readonly atMs: number };
  readonly body: Buffer;
  readonly end: ExchangeEnd;
  /** The first bytes of an answer came, though maybe no whole head. */
  readonly hasBegun: boolean;
}

export type ExchangeEnd =
  | { readonly kind: 'complete' }
  /** As much of the body was read as anybody wants. */
  | { readonly kind: 'enough' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Heard by nobody: the exchange is over by then. */
const TAKEN_BACK = 'nobody waits for the answer any more';

/**
 * One request to a dispatcher and as much of the answer as is wanted. Interim answers (1xx) are passed over. Does not
 * reject, and does not end the connection either, unless it is one of a pool and occupied.
 * @param stop ends it with what has come by then
 */
export function exchange(
  dispatcher: Dispatcher,
  { url, method, headers, body, maxBodyBytes, isPooled = false }: ExchangeRequest,
  stop: AbortSignal,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let sentAtMs: number | undefined;
    let head: Exchange['head'];
    let hasBegun = false;
    let size = 0;
    let isFinished = false;
    const chunks: Buffer[] = [];
    let request: Dispatcher.DispatchController | undefined;
    const finish = (end: ExchangeEnd): void => {
      if (isFinished) return;
      isFinished = true;
      const read = Buffer.concat(chunks).subarray(0, maxBodyBytes);
      resolve({
        ...(sentAtMs !== undefined && { sentAtMs }),
        ...(head && { head }),
        body: read,
        end,
        hasBegun,
      });
      if (isPooled && (end.kind === 'silent' || end.kind === 'enough')) request?.abort(new Error(TAKEN_BACK));
    };
    if (stop.aborted) return finish({ kind: 'silent' });
    stop.addEventListener('abort', () => finish({ kind: 'silent' }), { once: true });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (controller) => {
        request = controller;
        // It waited for a connection for longer than anybody waits for it.
        if (isPooled && isFinished) request.abort(new Error(TAKEN_BACK));
        sentAtMs = Date.now();
      },
      onResponseStarted: () => {
        hasBegun = true;
      },
      onResponseStart: (_controller, status, answered) => {
        if (status >= 200) head = { status, headers: answered, atMs: Date.now() };
      },
      onResponseData: (_controller, chunk) => {
        // More of them come before the connection is ended.
        if (isFinished) return;
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBodyBytes) finish({ kind: 'enough' });
      },
      onResponseEnd: () => finish({ kind: 'complete' }),
      onResponseError: (_controller, error) => finish({ kind: 'failed', error }),
    };
    try {
      dispatcher.dispatch(
        { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers, body: body ?? null },
        handler,
      );
    } catch (error) {
      finish({ kind: 'failed', error });
    }
  });
}
