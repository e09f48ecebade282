import type { DialTrace } from '../../net/dial/trace.ts';
import { readAnswer } from '../../net/http/answer.ts';
import type { Asked } from '../../net/http/answer.ts';
import { describeBody, MAX_BODY_BYTES } from '../../net/http/body.ts';
import type { BodyRead } from '../../net/http/body.ts';
import { dialErrorOf, outcomeOfError } from '../../net/http/failed.ts';
import type { Shown } from '../../net/http/shown.ts';
import type { HttpOutcome } from '../../net/outcome.ts';
import { BAD_PORT } from '../outcome.ts';

type Fetch = typeof globalThis.fetch;

/** What came of the last POST that brought no MCP. */
export interface SeenAnswer {
  readonly outcome: HttpOutcome;
  readonly trace?: DialTrace;
}

export interface ObservedFetch {
  readonly fetch: Fetch;
  /** Undefined when the last POST brought what MCP allows, or is under way. */
  readonly seen: SeenAnswer | undefined;
  /** Whether more came than anybody reads. */
  readonly isFlooded: boolean;
}

/** The largest lists of tools have some hundred kilobytes. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * A fetch that remembers what the SDK throws away: status, headers and kind of an answer that is none of MCP, and why a
 * connection failed. No body is read without a bound.
 */
export function observedFetch(send: Fetch, shown: Shown): ObservedFetch {
  const state: { seen: SeenAnswer | undefined; isFlooded: boolean } = { seen: undefined, isFlooded: false };
  return {
    get seen() {
      return state.seen;
    },
    get isFlooded() {
      return state.isFlooded;
    },
    fetch: async (input, init) => {
      const isMessage = init?.method === 'POST';
      if (isMessage) state.seen = undefined;
      let response: Response;
      try {
        response = await send(input, init);
      } catch (error) {
        if (isMessage) state.seen = failureIn(error);
        throw error;
      }
      if (isMcp(response)) return bounded(response, () => (state.isFlooded = true));
      const body = await readBody(response);
      if (isMessage) state.seen = answerOf(response, body, { url: addressOf(input), shown });
      return copyOf(response, body);
    },
  };
}

const addressOf = (input: Parameters<Fetch>[0]): URL =>
  input instanceof URL ? input : new URL(typeof input === 'string' ? input : input.url);

/** 202 is the answer to a notification; everything else that is fine is JSON or an event stream. */
function isMcp({ ok, status, headers }: Response): boolean {
  const type = headers.get('content-type') ?? '';
  return ok && (status === 202 || /^(?:application\/json|text\/event-stream)\b/i.test(type));
}

function answerOf(response: Response, body: BodyRead, asked: Asked): SeenAnswer {
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const contentType = headers['content-type'];
  const answer = readAnswer(
    { status, httpVersion: '1.1', headers, atMs: Date.now() },
    describeBody(body, { status, contentType, shown: asked.shown }),
    asked,
  );
  return { outcome: { kind: 'answered', answer } };
}

/** @throws RangeError for a status beyond 599, of which the Fetch standard makes no response */
const copyOf = ({ status, headers }: Response, { bytes }: BodyRead): Response =>
  new Response(mayHaveBody(status) ? new Uint8Array(bytes) : null, { status, headers });

/** The Fetch standard allows no body with these. */
const mayHaveBody = (status: number): boolean => ![204, 205, 304].includes(status);

/** The beginning of the body; what follows is left where it is. */
async function readBody({ body }: Response): Promise<BodyRead> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_BODY_BYTES) break;
    }
  } catch {
    // Half a page tells its kind, too.
    isCut = true;
  }
  const bytes = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES);
  return { bytes, wireBytes: size, isTruncated: isCut || size > MAX_BODY_BYTES };
}

function bounded(response: Response, onFlood: () => void): Response {
  if (!response.body) return response;
  let size = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) return controller.enqueue(chunk);
      onFlood();
      controller.error(new RangeError('the answer is too long'));
    },
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, headers });
}

/** Why there was no answer at all; undefined for an abort of ours. */
function failureIn(error: unknown): SeenAnswer | undefined {
  if (error instanceof Error && error.name === 'AbortError') return undefined;
  if (error instanceof Error && error.cause instanceof Error && error.cause.message === BAD_PORT)
    return { outcome: { kind: 'unsendable', problem: BAD_PORT } };
  const trace = dialErrorOf(error)?.trace;
  return {
    outcome: outcomeOfError(error, { hop: 'endpoint', receivedBytes: 0 }),
    ...(trace && { trace }),
  };
}
