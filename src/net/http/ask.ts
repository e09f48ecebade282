import type { Dispatcher } from 'undici';
import { systemClock } from '../../host/clock.ts';
import type { HttpObservation, PooledAsk } from '../network.ts';
import { forwardingProxy } from '../proxy/forward.ts';
import type { Route } from '../proxy/route.ts';
import { exchange } from './exchange.ts';
import { dialErrorOf, outcomeOfError } from './failed.ts';
import { maxBodyBytesOf, readExchanged } from './observe.ts';
import { prepareRequest } from './request.ts';

/** One request over a pool of connections. Never throws: whatever happens is the outcome. */
export async function askHttp(
  ask: PooledAsk,
  {
    dispatcher,
    routeFor,
  }: { readonly dispatcher: () => Promise<Dispatcher>; readonly routeFor: (url: URL) => Route },
): Promise<HttpObservation> {
  const request = prepareRequest(ask);
  if (request.kind === 'unsendable') return { outcome: request, trace: { totalMs: 0 }, durationMs: 0 };
  const { url, headers } = request;
  const pool = await dispatcher();
  const startedAt = systemClock.elapsed();
  const elapsedMs = (): number => Math.round(systemClock.elapsed() - startedAt);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ask.timeoutMs);
  const exchanged = await exchange(
    pool,
    { url, method: ask.method, headers, body: ask.body, maxBodyBytes: maxBodyBytesOf(ask), isPooled: true },
    ask.signal ? AbortSignal.any([ask.signal, limit.signal]) : limit.signal,
  );
  clearTimeout(timer);
  const proxy = forwardingProxy(url, routeFor(url));
  const { head, end, sentAtMs } = exchanged;
  // Bytes of a shared connection are not counted.
  const place = { hop: proxy ? 'proxy' : 'endpoint', receivedBytes: 0 } as const;
  const read = head && (await readExchanged({ ...exchanged, head }, { ask, url, proxy }));
  return {
    outcome: read
      ? { kind: 'answered', answer: read.answer }
      : end.kind === 'failed'
        ? outcomeOfError(end.error, place)
        : {
            kind: 'silent',
            hop: place.hop,
            phase: sentAtMs === undefined ? 'connect' : 'http',
            afterMs: limit.signal.aborted ? ask.timeoutMs : elapsedMs(),
          },
    trace: (end.kind === 'failed' ? dialErrorOf(end.error)?.trace : undefined) ?? { totalMs: 0 },
    ...(sentAtMs !== undefined && { sentAtMs }),
    ...(head && { answeredAtMs: head.atMs }),
    ...(read?.json !== undefined && { json: read.json }),
    ...(read?.body && { body: read.body }),
    ...(read?.headers && { headers: read.headers }),
    durationMs: elapsedMs(),
  };
}
