import type { DialOutcome, WebSocketOutcome } from '../outcome.ts';
import { classOfTlsCode } from './codes.ts';

type Outcome<Kind extends string> = Extract<DialOutcome | WebSocketOutcome, { readonly kind: Kind }>;

export function sayUnconnected(code: string, hop: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `nobody listens at the address of ${hop}, or a firewall says so (${code})`;
    case 'EACCES':
    case 'EPERM':
      return `this machine does not allow the connection to ${hop} (${code})`;
    case 'ETIMEDOUT':
      return `${hop} does not answer at its address (${code})`;
    case 'ECONNRESET':
      return `the connection to ${hop} was reset while it was opened (${code})`;
    default:
      return `no address of ${hop} can be reached from here (${code})`;
  }
}

export function sayTls(code: string, hop: string): string {
  switch (classOfTlsCode(code)) {
    case 'tls_expired':
      return code.includes('NOT_YET')
        ? `a certificate of ${hop} is not valid yet (${code})`
        : `a certificate of ${hop} has expired (${code})`;
    case 'tls_hostname':
      return `the certificate of ${hop} is for another name (${code})`;
    case 'tls_untrusted':
      return `the certificate of ${hop} comes from an authority that is not trusted here (${code})`;
    case 'tls_other':
      return `the TLS handshake with ${hop} failed (${code})`;
  }
}

export function sayProxyAnswer(status: number, proxy: string): string {
  if (status === 407) return `${proxy} asks for credentials (HTTP 407)`;
  if (status === 401) return `${proxy} does not take the credentials (HTTP 401)`;
  // Gateway errors: the proxy would, but the endpoint cannot be reached from there.
  return status >= 502 && status <= 504
    ? `${proxy} cannot reach the endpoint itself (HTTP ${status})`
    : `${proxy} refuses a tunnel to the endpoint (HTTP ${status})`;
}

export function saySocksReply(reply: string, proxy: string): string {
  switch (reply) {
    case 'AuthenticationFailed':
      return `${proxy} does not accept the credentials (${reply})`;
    case 'NoAcceptableMethods':
      return `${proxy} asks for credentials (${reply})`;
    case 'NotSocks':
    case 'UnknownMethod':
      return `what ${proxy} sent is not SOCKS (${reply})`;
    default:
      return `${proxy} opens no connection to the endpoint (${reply})`;
  }
}

export function saySilent({ phase, afterMs, receivedBytes = 0 }: Outcome<'silent'>, hop: string): string {
  const within = `within ${Math.round(afterMs)} ms`;
  if (receivedBytes > 0) return `${hop} began an answer and did not end its head ${within}`;
  switch (phase) {
    case 'resolve':
      return `the look-up of the name of ${hop} was not answered ${within}`;
    case 'connect':
      return `${hop} took no connection ${within}`;
    case 'tls':
      return `${hop} did not finish the TLS handshake ${within}`;
    case 'proxy':
      return `${hop} did not open a way to the endpoint ${within}`;
    case 'websocket':
      return `${hop} took the WebSocket upgrade and did not answer it ${within}`;
    case 'http':
    case 'protocol':
      return `${hop} took the request and did not answer it ${within}`;
  }
}

const DURING: Readonly<Record<Outcome<'broken'>['phase'], string>> = {
  resolve: 'during the look-up of its name',
  connect: 'while it was opened',
  tls: 'during the TLS handshake',
  proxy: 'before it opened a way to the endpoint',
  http: 'before it answered the request',
  websocket: 'before it answered the WebSocket upgrade',
  protocol: 'before it answered',
};

export function sayBroken({ phase, code, receivedBytes = 0 }: Outcome<'broken'>, hop: string): string {
  const when = receivedBytes > 0 ? 'in the middle of the head of its answer' : DURING[phase];
  return code === 'closed'
    ? `${hop} closed the connection ${when}`
    : `the connection to ${hop} broke ${when} (${code})`;
}

/** RFC 6455 section 7.4.1 and the registry that it opened, as far as servers use them. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no status',
  1007: 'invalid data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension missing',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
};

export function sayClosed({ closeCode, afterMs }: Outcome<'closed'>): string {
  const name = CLOSE_CODES[closeCode];
  const code = name === undefined ? String(closeCode) : `${closeCode}, ${name}`;
  return `the endpoint closed the WebSocket ${Math.round(afterMs)} ms after the upgrade (${code})`;
}
