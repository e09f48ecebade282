import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is asked: nothing of a request but these is looked at. */
export interface ServedRequest {
  /** Without query. */
  readonly path: string;
}

export interface ServedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Judges the `Host` of a request: a page of the web may have given its own name our address (DNS rebinding). */
  readonly isOwnName: (host: string | undefined) => boolean;
  readonly answer: (request: ServedRequest) => ServedAnswer | Promise<ServedAnswer>;
  /** For tests, which must not wait. */
  readonly limits?: Partial<ListenLimits>;
  /** Told of every answer, refusals among them. */
  readonly onAnswered?: (path: string, status: number) => void;
}

export interface Listening {
  readonly address: AddressInfo;
  /** Takes no more connections, gives those that are open `limitMs` to end, and ends what is left. */
  close(limitMs: number): Promise<void>;
}

/** A probe's head is some 200 bytes. */
const MAX_HEAD_BYTES = 8 * 1024;
const KEEP_ALIVE_MS = 5_000;

export interface ListenLimits {
  /** Scrapers and probes are a handful; a flood beyond this is let fall before it costs memory. */
  readonly connections: number;
  /** The head of a request has to have come by then: who sends it byte by byte holds a connection for no longer. */
  readonly headMs: number;
  /** Nothing moves on a connection for this long: its reader is gone, or means no good. */
  readonly idleMs: number;
  /** How often Node looks for heads that are over their time. */
  readonly lookEveryMs: number;
}

const LIMITS: ListenLimits = { connections: 1_024, headMs: 5_000, idleMs: 10_000, lookEveryMs: 1_000 };

/**
 * A small HTTP server that only tells: GET and HEAD without bodies, with every bound set. What stands in its answers is
 * for its caller to redact.
 * @throws what the system says where the address cannot be listened at, such as `EADDRINUSE`
 */
export async function listen({ host, port, ...options }: ListenOptions): Promise<Listening> {
  const { createServer } = await import('node:http');
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer(
    {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: limits.headMs,
      requestTimeout: 2 * limits.headMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: limits.lookEveryMs,
      // Checked with the name, below.
      requireHostHeader: false,
    },
    (request, response) => void serve(request, response, options),
  );
  server.maxConnections = limits.connections;
  server.timeout = limits.idleMs;
  // A client that goes away in the middle is no news.
  server.on('connection', (socket) => void socket.on('error', () => undefined));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: limits.connections }, resolve);
  });
  return {
    address: server.address() as AddressInfo,
    close: (limitMs) => close(server, limitMs),
  };
}

type Serving = Pick<ListenOptions, 'answer' | 'isOwnName' | 'onAnswered'>;

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const answer = refusalOf(request, serving) ?? (await answerOf(path, serving));
  const { status, contentType, body, headers } = answer;
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  serving.onAnswered?.(path, status);
}

const plain = (status: number, words: string, headers: Record<string, string> = {}): ServedAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${words}\n`,
  headers,
});

/** Nobody waits for what we would not read. */
const HANG_UP = { connection: 'close' };

function refusalOf({ method, headers }: IncomingMessage, { isOwnName }: Serving): ServedAnswer | undefined {
  if (!isOwnName(headers.host)) return plain(421, 'This server is not known by that name.', HANG_UP);
  if (method !== 'GET' && method !== 'HEAD')
    return plain(405, 'Only GET and HEAD are answered.', { allow: 'GET, HEAD', ...HANG_UP });
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody ? plain(413, 'A request takes no body here.', HANG_UP) : undefined;
}

async function answerOf(path: string, { answer }: Serving): Promise<ServedAnswer> {
  try {
    return await answer({ path });
  } catch {
    // What went wrong is not for whoever asks.
    return plain(500, 'There is no answer to that now.');
  }
}

async function close(server: Server, limitMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearTimeout(limit);
}
