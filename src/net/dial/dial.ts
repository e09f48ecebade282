import type { Socket } from 'node:net';
import { systemClock } from '../../host/clock.ts';
import type { Trust } from '../certificates/trust.ts';
import type { DialOutcome } from '../outcome.ts';
import type { ClientKind } from '../proxy/no-proxy.ts';
import type { Proxy, Route } from '../proxy/route.ts';
import { Journey, JourneyEnded } from './journey.ts';
import type { Draft } from './journey.ts';
import { reach, SYSTEM } from './reach.ts';
import type { DialTools } from './reach.ts';
import { sinceMs } from './resolve.ts';
import { secure } from './secure.ts';
import type { SecureOptions, UsableTrust } from './secure.ts';
import type { DialTrace, ProxyTrace } from './trace.ts';
import { tunnel } from './tunnel.ts';

export interface DialRequest {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Absent for a plain connection. */
  readonly tls?: {
    readonly trust: Trust;
    /** Protocols offered by ALPN, the preferred one first; empty offers none. */
    readonly alpn: readonly string[];
  };
  readonly route: Route;
  /** Which of the agent's clients this is for: they are not equally strict about certificates. */
  readonly client: ClientKind;
  /** Whom an https proxy has to satisfy; without it that is `tls.trust`. */
  readonly proxyTrust?: Trust;
  /**
   * `tunnel` asks the proxy for a connection to the host. `forward` ends at the proxy, which then gets a plain request
   * in absolute form (RFC 9112, section 3.2.2).
   */
  readonly proxyUse?: 'tunnel' | 'forward';
  /** Whole way, from name look-up to the end of the handshake. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A connected socket, past proxy and TLS, and how it came about. */
export interface Dialled {
  readonly socket: Socket;
  readonly trace: DialTrace;
}

/** Thrown by {@link dial}: what happened, and how far it came. */
export class DialError extends Error {
  override readonly name = 'DialError';
  readonly outcome: DialOutcome;
  readonly trace: DialTrace;

  constructor(outcome: DialOutcome, trace: DialTrace) {
    super(`dialling ended: ${outcome.kind}`);
    this.outcome = outcome;
    this.trace = trace;
  }
}

/**
 * Opens a connection phase by phase, each timed.
 * @throws DialError
 * @throws the reason of `signal`, when that is aborted
 */
export async function dial(request: DialRequest, tools: Partial<DialTools> = {}): Promise<Dialled> {
  const journey = new Journey(request);
  let socket: Socket | undefined;
  try {
    socket = await travel(journey, request, { ...SYSTEM, ...tools });
    return { socket, trace: journey.trace() };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw error instanceof JourneyEnded ? new DialError(error.outcome, journey.trace()) : error;
  } finally {
    journey.end({ isArrived: socket !== undefined });
  }
}

async function travel(journey: Journey, request: DialRequest, tools: DialTools): Promise<Socket> {
  const { host, port, route, tls, client } = request;
  if (route.kind === 'unusable')
    throw new JourneyEnded({ kind: 'proxy_unusable', variable: route.variable, problem: route.problem });
  // Before anything is dialled: without somebody to trust there is no way through.
  const trust = tls && usable(tls.trust);
  const socket =
    route.kind === 'direct'
      ? await reach(journey, { hop: 'endpoint', host, port }, tools)
      : await passProxy(journey, { ...request, proxy: route.proxy }, tools);
  if (!tls || !trust) return socket;
  return shakeHands(journey, socket, { hop: 'endpoint', host, trust, alpn: tls.alpn, client });
}

/** To the proxy and, unless it forwards, through it. */
async function passProxy(
  journey: Journey,
  request: DialRequest & { readonly proxy: Proxy },
  tools: DialTools,
): Promise<Socket> {
  const { proxy, host, port, client, timeoutMs } = request;
  const seen: Draft<ProxyTrace> = {
    variable: proxy.variable,
    scheme: proxy.scheme,
    hasCredentials: proxy.credentials !== undefined,
    durationMs: 0,
  };
  journey.seen.proxy = seen;
  const trust = proxy.scheme === 'https' ? trustForProxy(request) : undefined;
  const stop = { hop: 'proxy', host: proxy.host, port: proxy.port } as const;
  const connected = await reach(journey, stop, tools);
  const socket = trust
    ? await shakeHands(journey, connected, { ...stop, trust, alpn: NO_PROTOCOLS, client })
    : connected;
  if (request.proxyUse === 'forward') return socket;

  journey.enter('proxy', 'proxy');
  const begunAt = systemClock.elapsed();
  const { signal } = journey;
  const { failure, ...answer } = await tunnel(socket, { proxy, host, port, timeoutMs, signal });
  Object.assign(seen, answer, { durationMs: sinceMs(begunAt) });
  return failure || signal.aborted ? journey.fail(failure) : socket;
}

/** The agent offers an https proxy no protocol by ALPN. */
const NO_PROTOCOLS: readonly string[] = [];

async function shakeHands(
  journey: Journey,
  socket: Socket,
  peer: Omit<SecureOptions, 'signal'>,
): Promise<Socket> {
  journey.enter(peer.hop, 'tls');
  const secured = await secure(socket, { ...peer, signal: journey.signal });
  if (peer.hop === 'endpoint') journey.seen.tls = secured.trace;
  else if (journey.seen.proxy) journey.seen.proxy.tls = secured.trace;
  return secured.socket ? journey.hold(secured.socket) : journey.fail(secured.failure);
}

function usable(trust: Trust): UsableTrust {
  if (trust.kind === 'usable') return trust;
  throw new JourneyEnded({ kind: 'trust_unusable', error: trust.error });
}

function trustForProxy({ tls, proxyTrust = tls?.trust }: DialRequest): UsableTrust {
  if (!proxyTrust) throw new TypeError('an https proxy needs somebody to trust');
  return usable(proxyTrust);
}
