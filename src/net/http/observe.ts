import { systemClock } from '../../host/clock.ts';
import { readyToConnect } from '../dial/agent.ts';
import type { ConnectionOptions } from '../dial/agent.ts';
import type { DialTrace } from '../dial/trace.ts';
import type { HttpAsk, HttpObservation } from '../network.ts';
import type { HttpAnswer } from '../outcome.ts';
import { forwardingProxy } from '../proxy/forward.ts';
import type { Proxy } from '../proxy/route.ts';
import { first, readAnswer } from './answer.ts';
import type { AnswerHeaders } from './answer.ts';
import { describeBody, MAX_BODY_BYTES } from './body.ts';
import { singleConnection } from './connection.ts';
import { decodeContent } from './decode.ts';
import { exchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { dialErrorOf, outcomeOfError } from './failed.ts';
import { forward } from './forward.ts';
import { prepareRequest } from './request.ts';
import { createShown } from './shown.ts';

export type HttpDependencies = Pick<ConnectionOptions, 'routeFor' | 'trust' | 'proxyTrust' | 'resolver'>;

/** What the agent's own HTTP client offers. */
export const HTTP_ALPN = ['h2', 'http/1.1'] as const;
/** Cookies of edges make heads long; what is longer still is no head. */
export const MAX_HEAD_BYTES = 64 * 1024;

/**
 * One request on a connection of its own, which is gone afterwards. Redirects are not followed and nothing is tried
 * twice. Never throws: whatever happens is the outcome. Once the head of an answer came, the answer is the outcome, with
 * as much of its body as came in time.
 */
export async function observeHttp(ask: HttpAsk, dependencies: HttpDependencies): Promise<HttpObservation> {
  const request = prepareRequest(ask);
  if (request.kind === 'unsendable') return { outcome: request, trace: { totalMs: 0 }, durationMs: 0 };
  const { url, headers } = request;
  // Loaded before the clock starts: the time that takes is not the network's.
  const [{ Client }] = await Promise.all([import('undici'), readyToConnect(url, dependencies)]);

  const startedAt = systemClock.elapsed();
  const leftMs = (): number => Math.max(1, ask.timeoutMs - (systemClock.elapsed() - startedAt));
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const connection = singleConnection({
    ...dependencies,
    alpn: HTTP_ALPN,
    timeoutMs: leftMs,
    // Until then the dialer keeps the time, and says in which phase it ran out.
    onDialled: () => {
      timer = setTimeout(() => limit.abort(), leftMs());
    },
  });
  const client = new Client(url.origin, {
    connect: connection.connector,
    allowH2: true,
    maxHeaderSize: MAX_HEAD_BYTES,
    // Clocks of the library tick every half second, too slow for limits as short as ours.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const proxy = forwardingProxy(url, dependencies.routeFor(url));
  const exchanged = await exchange(
    proxy ? client.compose(forward(proxy)) : client,
    { url, method: ask.method, headers, body: ask.body, maxBodyBytes: maxBodyBytesOf(ask) },
    limit.signal,
  );
  clearTimeout(timer);
  const receivedBytes = exchanged.hasBegun ? connection.receivedBytes() : 0;
  void client.destroy().catch(() => undefined);
  connection.end();

  const { head, end, sentAtMs } = exchanged;
  const error = end.kind === 'failed' ? (connection.socketError() ?? end.error) : undefined;
  const trace = connection.trace() ?? dialErrorOf(error)?.trace ?? { totalMs: 0 };
  const place = { hop: proxy ? 'proxy' : 'endpoint', receivedBytes } as const;
  const read = head && (await readExchanged({ ...exchanged, head }, { ask, url, trace, proxy }));
  return {
    outcome: read
      ? { kind: 'answered', answer: read.answer }
      : end.kind === 'failed'
        ? outcomeOfError(error, place)
        : { kind: 'silent', ...place, phase: 'http', afterMs: ask.timeoutMs },
    trace,
    ...(sentAtMs !== undefined && { sentAtMs }),
    ...(head && { answeredAtMs: head.atMs }),
    ...(read?.json !== undefined && { json: read.json }),
    ...(read?.body && { body: read.body }),
    ...(read?.headers && { headers: read.headers }),
    durationMs: Math.round(systemClock.elapsed() - startedAt),
  };
}

interface Asked {
  readonly ask: HttpAsk;
  readonly url: URL;
  /** How the connection came about, as far as that is known. */
  readonly trace?: DialTrace;
  readonly proxy: Proxy | undefined;
}

/** What a report may hold of an answer, and what the caller asked for besides. */
export async function readExchanged(
  { head, body, end }: Exchange & Required<Pick<Exchange, 'head'>>,
  { ask, url, trace, proxy }: Asked,
): Promise<{ readonly answer: HttpAnswer } & Pick<HttpObservation, 'json' | 'body' | 'headers'>> {
  const { status, headers } = head;
  const shown = createShown(url, ask.headers, proxy);
  const decoded = await decodeContent(body, first(headers, 'content-encoding'), {
    maxBytes: maxBodyBytesOf(ask),
  });
  const isTruncated = end.kind !== 'complete' || decoded.isTruncated;
  const facts = describeBody(
    { bytes: decoded.bytes, wireBytes: body.length, isTruncated },
    { status, contentType: first(headers, 'content-type'), shown },
  );
  // The library does not say which minor version a server of HTTP/1 answers with.
  const httpVersion = trace?.tls?.alpn === 'h2' ? '2' : '1.1';
  return {
    answer: readAnswer({ ...head, httpVersion }, facts, { url, shown }),
    ...(ask.readJson && !isTruncated && { json: parsed(decoded.bytes) }),
    ...(ask.readBody && !isTruncated && { body: decoded.bytes }),
    ...(ask.readHeaders && { headers: picked(headers, ask.readHeaders) }),
  };
}

const picked = (headers: AnswerHeaders, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = first(headers, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const maxBodyBytesOf = ({ readJson, readBody }: HttpAsk): number =>
  (readJson ?? readBody)?.maxBytes ?? MAX_BODY_BYTES;

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
