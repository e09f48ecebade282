import type { Socket } from 'node:net';
import type { Hop } from '../outcome.ts';
import { mostTelling, tellingLookup } from './codes.ts';
import { connect, openSocket } from './connect.ts';
import type { OpenSocket } from './connect.ts';
import type { Journey } from './journey.ts';
import { systemLookup } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import { resolve } from './resolve.ts';
import type { Resolution } from './resolve.ts';
import type { ConnectAttempt } from './trace.ts';

/** The world under the dialer; tests put another in its place. */
export interface DialTools {
  readonly lookup: Lookup;
  readonly open: OpenSocket;
}

export const SYSTEM: DialTools = { lookup: systemLookup, open: openSocket };

/**
 * From a name to a connected socket. Where every address fails before the slower family has an answer, that answer is
 * waited for: on a network without IPv4 the look-up of IPv4 is often the faster one.
 * @throws JourneyEnded
 */
export async function reach(
  journey: Journey,
  { hop, host, port }: { readonly hop: Hop; readonly host: string; readonly port: number },
  { lookup, open }: DialTools,
): Promise<Socket> {
  const { seen, signal } = journey;
  const attempts: ConnectAttempt[] = [];
  journey.enter(hop, 'resolve');
  let resolution: Resolution | undefined = await resolve(host, { lookup, signal });
  while (resolution) {
    if (resolution.trace) seen.resolve = resolution.trace;
    const known = new Set(attempts.map(({ address }) => address));
    const addresses = resolution.addresses.filter(({ address }) => !known.has(address));
    // The failed addresses say more than the look-up that was too slow to matter.
    if (signal.aborted && attempts.length > 0) break;
    journey.enter(hop, addresses.length > 0 ? 'connect' : 'resolve');
    const { socket, trace } = await connect(addresses, { port, open, signal });
    attempts.push(...trace.attempts);
    if (attempts.length > 0)
      seen.connect = { port, attempts, durationMs: (seen.connect?.durationMs ?? 0) + trace.durationMs };
    if (socket) return journey.hold(socket);
    if (signal.aborted) journey.fail();
    resolution = await resolution.late;
  }
  return journey.fail(
    attempts.length > 0
      ? { kind: 'unconnected', hop, code: mostTelling(attempts.flatMap(({ code }) => code ?? [])) }
      : {
          kind: 'unresolved',
          hop,
          code: tellingLookup([seen.resolve?.ipv4.code, seen.resolve?.ipv6.code]),
        },
  );
}
