import type { Exchange } from './exchange.ts';

export interface ReadLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/**
 * The body of an answer as text, up to a size and a time; what was read until then is given in any case, also when the
 * connection breaks. Beyond a limit the connection is ended.
 * @throws the reason of `signal`
 */
export function readBody(
  answer: Exchange,
  { maxBytes, timeoutMs }: ReadLimits,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (): void => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'));
    };
    const stop = (): void => {
      answer.abort();
      finish();
    };
    const timer = setTimeout(stop, timeoutMs);
    answer.receive({
      data: (chunk) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) stop();
      },
      end: finish,
      fail: (error) => {
        if (!signal.aborted) return finish();
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    });
  });
}
