import type { Socket } from 'node:net';
import type { NetworkPhase } from '../failure.ts';
import type { DialOutcome, Hop } from '../outcome.ts';

interface Place {
  readonly hop: Hop;
  readonly phase: NetworkPhase;
}

/**
 * The code of an error of a socket. Node says `ECONNRESET` also where the other side merely closed the connection; only
 * a real reset comes from a system call, so the other is `closed` here.
 */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const { code = 'UNKNOWN', syscall } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' && syscall === undefined ? 'closed' : code;
}

/** What an error means that ended a connection in the middle of a phase. */
export function outcomeOfError(error: unknown, { hop, phase }: Place): DialOutcome {
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return { kind: 'not_http', hop, code };
  // With TLS 1.3 a server refuses a client's certificate after the client's part of the handshake is done.
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return { kind: 'tls_failed', hop, code };
  return { kind: 'broken', hop, phase, code };
}

/** What became of a socket that is found destroyed. */
export function outcomeOfEnd({ errored }: Socket, place: Place): DialOutcome {
  return errored ? outcomeOfError(errored, place) : { kind: 'broken', ...place, code: 'closed' };
}

/**
 * Codes of failed connections, the most telling first. That a network is unreachable comes last: it is what every
 * machine without IPv6 says of an IPv6 address, whatever ails the other family.
 */
const BY_TELLING = [
  'ECONNREFUSED',
  'EACCES',
  'EPERM',
  'ECONNRESET',
  'closed',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
];

/** The code to report where several addresses failed. An unknown one counts most: no other explains it. */
export function mostTelling(codes: readonly string[]): string {
  return codes.toSorted((a, b) => BY_TELLING.indexOf(a) - BY_TELLING.indexOf(b))[0] ?? 'UNKNOWN';
}

/**
 * The code to report where neither family has an address. A resolver that could not be asked says more than one that
 * knows of no address in this family.
 */
export function tellingLookup(codes: readonly (string | undefined)[]): string {
  return codes.find((code) => code !== 'ENOTFOUND' && code !== 'ENODATA') ?? codes[0] ?? 'UNKNOWN';
}

/** Words of the `socks` package, whose errors have no code, and what they say about the proxy. */
const SOCKS_REPLIES: readonly (readonly [pattern: RegExp, reply: string])[] = [
  [/Authentication failed/, 'AuthenticationFailed'],
  [/no accepted authentication type/, 'NoAcceptableMethods'],
  [/unknown authentication type/, 'UnknownMethod'],
  [/invalid socks version|handshake response/, 'NotSocks'],
];
/** The reply by its name in RFC 1928, or `undefined` for a number that has none. */
const SOCKS_REJECTION = /rejected connection - \(?(\w+)/;

/**
 * What a refusal of the `socks` package means; undefined when the connection broke. Its error is never kept: it holds
 * the password.
 */
export function outcomeOfSocks(message: string): DialOutcome | undefined {
  const rejection = SOCKS_REJECTION.exec(message)?.[1];
  if (rejection !== undefined)
    return { kind: 'proxy_rejected', reply: rejection === 'undefined' ? 'NotSocks' : rejection };
  const reply = SOCKS_REPLIES.find(([pattern]) => pattern.test(message))?.[1];
  return reply === undefined ? undefined : { kind: 'proxy_rejected', reply };
}
