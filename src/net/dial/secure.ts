import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { systemClock } from '../../host/clock.ts';
import { strictnessProblem } from '../certificates/strictness.ts';
import type { Trust } from '../certificates/trust.ts';
import type { DialOutcome, Hop } from '../outcome.ts';
import type { ClientKind } from '../proxy/no-proxy.ts';
import { chainLength, readCertificate, rsaKeyBits } from './certificate.ts';
import { outcomeOfError } from './codes.ts';
import { sinceMs } from './resolve.ts';
import type { TlsTrace } from './trace.ts';

export type UsableTrust = Extract<Trust, { readonly kind: 'usable' }>;

export interface Secured {
  readonly trace: TlsTrace;
  /** Absent when the handshake failed, when the certificate is not trusted, or when the signal came first. */
  readonly socket?: TLSSocket;
  readonly failure?: DialOutcome;
}

export interface SecureOptions {
  /** Whom the certificate has to name. */
  readonly host: string;
  readonly hop: Hop;
  readonly trust: UsableTrust;
  readonly alpn: readonly string[];
  readonly client: ClientKind;
  readonly signal: AbortSignal;
}

/** Speaks TLS on a connected socket. Never rejects; returns when the signal aborts. */
export async function secure(socket: Socket, options: SecureOptions): Promise<Secured> {
  const { host, hop, trust, alpn, signal } = options;
  const { isIP } = process.getBuiltinModule('node:net');
  const { connect } = process.getBuiltinModule('node:tls');
  const begunAt = systemClock.elapsed();
  const place = { hop, phase: 'tls' } as const;

  const secured = connect({
    socket,
    host,
    // Server Name Indication takes names only (RFC 6066, section 3), without the dot of a full name.
    ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
    ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
    secureContext: trust.secureContext(),
    // Not a weaker check: a handshake that Node itself refuses does not show the certificate that it refuses. The same
    // verdict, of the chain and then of the host's name, stands in `authorizationError` and is obeyed below. Until
    // then nothing is written, and a socket with a verdict against it is destroyed and never handed out.
    rejectUnauthorized: false,
  });

  const error = await new Promise<unknown>((finish) => {
    secured.once('secureConnect', () => finish(undefined));
    // Stays for good: an error of a socket that nobody listens to would end the process.
    secured.on('error', finish);
    signal.addEventListener('abort', () => finish(undefined), { once: true });
    if (signal.aborted) finish(undefined);
  });

  const trace = { durationMs: sinceMs(begunAt), ...readSession(secured, options) };
  if (error !== undefined) return { trace, failure: outcomeOfError(error, place) };
  if (trace.problem === undefined && secured.authorized) return { trace, socket: secured };
  secured.destroy();
  return trace.problem === undefined
    ? { trace }
    : { trace, failure: { kind: 'tls_failed', hop, code: trace.problem } };
}

function readSession(
  socket: TLSSocket,
  { client, trust: { source } }: SecureOptions,
): Omit<TlsTrace, 'durationMs'> {
  // Asked for once: reading the certificate takes it out of the chain that OpenSSL keeps.
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return {};
  const facts = readCertificate(certificate);
  // Typed as an error, but a code, or null.
  const refusal: unknown = socket.authorizationError;
  const problem =
    typeof refusal === 'string'
      ? refusal
      : strictnessProblem({ ...facts, rsaKeyBits: rsaKeyBits(certificate) }, { client, source: source.kind });
  const protocol = socket.getProtocol();
  return {
    ...(protocol !== null && { protocol }),
    ...(typeof socket.alpnProtocol === 'string' && { alpn: socket.alpnProtocol }),
    certificate: facts,
    chainLength: chainLength(certificate),
    ...(problem !== undefined && { problem }),
  };
}
