import type { Socket } from 'node:net';
import { createHiding } from '../../redact/hide.ts';
import { readChallenges } from '../http/challenges.ts';
import type { DialOutcome } from '../outcome.ts';
import { proxyAuthorization } from '../proxy/forward.ts';
import type { Proxy } from '../proxy/route.ts';
import { outcomeOfEnd, outcomeOfError, outcomeOfSocks } from './codes.ts';

export interface Tunnelled {
  /** Absent when the socket now leads to the target, or when the signal came first. */
  readonly failure?: DialOutcome;
  /** Status of the answer to CONNECT. */
  readonly status?: number;
  readonly challenges?: readonly string[];
}

export interface TunnelOptions {
  readonly proxy: Proxy;
  /** A name goes to the proxy as it is: the agent leaves the look-up to every kind of proxy (codex 0.169). */
  readonly host: string;
  readonly port: number;
  /** Of the whole dial; the signal comes first. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** No client of the agent speaks version 4. */
const SOCKS_VERSION = 5;
/** One byte tells the length (RFC 1929, section 2). */
const MAX_CREDENTIAL_BYTES = 255;
const TOO_LONG = 'its user name or password is longer than the 255 bytes that SOCKS can carry';

const PLACE = { hop: 'proxy', phase: 'proxy' } as const;

/** Asks a proxy for a connection to a target. Never rejects; returns when the signal aborts. */
export async function tunnel(socket: Socket, options: TunnelOptions): Promise<Tunnelled> {
  return options.proxy.scheme.startsWith('http')
    ? tunnelByConnect(socket, options)
    : tunnelBySocks(socket, options);
}

/** RFC 9110, section 9.3.6. Node writes the request and reads the answer. */
async function tunnelByConnect(
  socket: Socket,
  { proxy, host, port, signal }: TunnelOptions,
): Promise<Tunnelled> {
  const { request: send } = process.getBuiltinModule('node:http');
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const authorization = proxyAuthorization(proxy)?.reveal();
  return new Promise((finish) => {
    const request = send({
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(authorization !== undefined && { 'proxy-authorization': authorization }),
      },
      createConnection: () => socket,
    });
    request.once('connect', ({ statusCode = 0, headersDistinct }, _socket, head: Buffer) => {
      if (statusCode >= 200 && statusCode < 300) {
        // What the target said already belongs to whoever reads next.
        if (head.length > 0) socket.unshift(head);
        return finish({ status: statusCode });
      }
      const hide = createHiding(authorization === undefined ? [] : [authorization]);
      const challenges = readChallenges(headersDistinct['proxy-authenticate'] ?? []).map(hide);
      finish({
        status: statusCode,
        challenges,
        failure: { kind: 'proxy_answered', status: statusCode, challenges },
      });
    });
    request.on('error', (error) => finish({ failure: outcomeOfError(error, PLACE) }));
    signal.addEventListener('abort', () => finish({}), { once: true });
    if (signal.aborted) finish({});
    // Node says `Connection: close` of a connection that it does not keep itself; this one is only just beginning.
    request.removeHeader('connection');
    request.end();
  });
}

/** RFC 1928 and RFC 1929, and SOCKS 4A for names. */
async function tunnelBySocks(
  socket: Socket,
  { proxy, host, port, timeoutMs, signal }: TunnelOptions,
): Promise<Tunnelled> {
  const { SocksClient } = await import('socks');
  if (signal.aborted) return {};
  // It may have ended while the package was loaded.
  if (socket.destroyed) return { failure: outcomeOfEnd(socket, PLACE) };
  const { credentials } = proxy;
  const username = credentials?.username.reveal() ?? '';
  const password = credentials?.password.reveal() ?? '';
  // The package would throw out of an event listener, which ends the process.
  if (Math.max(Buffer.byteLength(username), Buffer.byteLength(password)) > MAX_CREDENTIAL_BYTES)
    return { failure: { kind: 'proxy_unusable', variable: proxy.variable, problem: TOO_LONG } };
  const established = SocksClient.createConnection({
    command: 'connect',
    destination: { host, port },
    proxy: {
      host: proxy.host,
      port: proxy.port,
      type: SOCKS_VERSION,
      userId: username,
      password,
    },
    existing_socket: socket,
    timeout: timeoutMs,
  });
  return new Promise((finish) => {
    established.then(
      () => finish({}),
      (reason: Error) => finish({ failure: outcomeOfSocks(reason.message) ?? outcomeOfEnd(socket, PLACE) }),
    );
    signal.addEventListener('abort', () => finish({}), { once: true });
  });
}
