import type { IncomingMessage } from 'node:http';
import { first, readAnswer } from '../http/answer.ts';
import type { Asked } from '../http/answer.ts';
import { describeBody, MAX_BODY_BYTES } from '../http/body.ts';
import { decodeContent } from '../http/decode.ts';
import type { HttpAnswer } from '../outcome.ts';
import type { Refusal } from './error.ts';

/** The head tells most; a body that does not come is not waited for as long as an answer. */
const BODY_TIMEOUT_MS = 2_000;

/** What a server answered instead of 101. Reads the body up to the cap and the time, and never fails. */
export async function readRefusal(
  response: IncomingMessage,
  { url, shown, timeoutMs }: Asked & { readonly timeoutMs: number },
): Promise<{ readonly answer: HttpAnswer; readonly refusal: Refusal }> {
  const { headers, httpVersion, statusCode: status = 0 } = response;
  const atMs = Date.now();
  const received = await collect(response, Math.min(BODY_TIMEOUT_MS, timeoutMs));
  const decoded = await decodeContent(received.bytes, first(headers, 'content-encoding'), {
    maxBytes: MAX_BODY_BYTES,
  });
  const body = describeBody(
    {
      bytes: decoded.bytes,
      wireBytes: received.bytes.length,
      isTruncated: received.isTruncated || decoded.isTruncated,
    },
    { status, contentType: first(headers, 'content-type'), shown },
  );
  return {
    answer: readAnswer({ status, httpVersion, headers, atMs }, body, { url, shown }),
    refusal: { status, headers, body: decoded.bytes.toString('utf8') },
  };
}

async function collect(
  response: IncomingMessage,
  timeoutMs: number,
): Promise<{ readonly bytes: Buffer; readonly isTruncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isTruncated = false;
  const timer = setTimeout(() => {
    isTruncated = true;
    response.destroy();
  }, timeoutMs);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BODY_BYTES) break;
    }
  } catch {
    // Reset or cut short: what came says what it can.
    isTruncated = true;
  } finally {
    clearTimeout(timer);
  }
  return {
    bytes: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES),
    isTruncated: isTruncated || length > MAX_BODY_BYTES,
  };
}
