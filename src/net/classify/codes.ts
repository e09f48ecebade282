import type { NetworkFailureClass } from '../failure.ts';

const TIME_CODES: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
]);
const NAME_CODES: ReadonlySet<string> = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);
/** Verdicts of OpenSSL on a chain, beside those that the prefixes below name. */
const TRUST_CODES: ReadonlySet<string> = new Set([
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);
const TRUST_PREFIX = /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/** Class of a failed handshake by the code of Node, OpenSSL or our own strictness. */
export function classOfTlsCode(code: string): Extract<NetworkFailureClass, `tls_${string}`> {
  if (TIME_CODES.has(code)) return 'tls_expired';
  if (NAME_CODES.has(code)) return 'tls_hostname';
  return TRUST_CODES.has(code) || TRUST_PREFIX.test(code) ? 'tls_untrusted' : 'tls_other';
}

const SOCKET_CLASSES: Readonly<Record<string, NetworkFailureClass>> = {
  closed: 'closed',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ERR_HTTP2_STREAM_ERROR: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  ENETRESET: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
};

/** Class of what a socket reports. */
export function classOfSocketCode(
  code: string,
  { otherwise }: { readonly otherwise: NetworkFailureClass },
): NetworkFailureClass {
  return SOCKET_CLASSES[code] ?? otherwise;
}

const SOCKS_CLASSES: Readonly<Record<string, NetworkFailureClass>> = {
  AuthenticationFailed: 'proxy_auth',
  // It takes none of the ways to sign in that we have something for.
  NoAcceptableMethods: 'proxy_auth',
  NotSocks: 'protocol',
  UnknownMethod: 'protocol',
};

/** Class of what a SOCKS proxy says; every reply of RFC 1928 to a request is a refusal. */
export function classOfSocksReply(reply: string): NetworkFailureClass {
  return SOCKS_CLASSES[reply] ?? 'proxy_refused';
}
