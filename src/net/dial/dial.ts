import type { Socket } from 'node:net';
import type { Trust } from '../certificates/trust.ts';
import type { DialOutcome } from '../outcome.ts';
import type { Route } from '../proxy/route.ts';
import type { DialTrace } from './trace.ts';

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
 */
export async function dial(request: DialRequest): Promise<Dialled> {
  throw new DialError({ kind: 'unresolved', hop: 'endpoint', code: request.host }, { totalMs: 0 });
}
