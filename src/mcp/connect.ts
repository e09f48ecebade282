import { createHiding } from '../redact/hide.ts';
import { createShown } from '../net/http/shown.ts';
import type { McpLaunch } from '../target/mcp/launch.ts';
import { hostAndPort } from '../target/provider/address.ts';
import { faultOf } from './fault.ts';
import type { HttpServer } from './http/examine.ts';
import { goodbye } from './http/goodbye.ts';
import { revealHeaders } from './http/headers.ts';
import { observedFetch } from './http/observe.ts';
import type { McpFault } from './outcome.ts';
import { openSession } from './session.ts';
import type { ClientIdentity, Elicit, McpSession } from './session.ts';
import { ServerTransport } from './stdio/transport.ts';

export interface ConnectOptions {
  readonly client: ClientIdentity;
  /** For the answer to `initialize`. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly elicit?: Elicit | undefined;
}

/** A server that could not be reached; `complaint` is what it printed last, without our secrets. */
export class McpConnectError extends Error {
  override readonly name = 'McpConnectError';
  readonly fault: McpFault;
  readonly complaint: string;

  constructor(fault: McpFault, complaint = '') {
    super(`the MCP server could not be reached: ${fault.kind}`);
    this.fault = fault;
    this.complaint = complaint;
  }
}

/** What a session runs over. */
export interface McpConnection {
  readonly transport: 'stdio' | 'http';
  /** Of the server's address. */
  readonly host?: string;
  readonly port?: number;
  /** As the server named it, if it did. */
  sessionId(): string | undefined;
}

export interface ConnectedSession extends McpSession {
  readonly connection: McpConnection;
}

const PIPES: McpConnection = { transport: 'stdio', sessionId: () => undefined };

type Fetch = typeof globalThis.fetch;

/** Enough of stderr to hold a reason. */
const MAX_COMPLAINT_LENGTH = 400;

/**
 * Starts a server and keeps it until the session is closed.
 * @throws McpConnectError; nothing of the program is left then
 */
export async function connectStdio(launch: McpLaunch, options: ConnectOptions): Promise<ConnectedSession> {
  const { deserializeMessage } = await import('@modelcontextprotocol/client');
  const transport = new ServerTransport(launch, deserializeMessage, {
    maxStrayBytes: Number.POSITIVE_INFINITY,
  });
  const shown = createHiding(launch.secrets);
  try {
    return { ...(await openSession(transport, { ...options, shown })), connection: PIPES };
  } catch (error) {
    const fault = transport.end ?? (await faultOf(error, shown));
    transport.kill();
    throw new McpConnectError(fault, shown(transport.stderrTail).trim().slice(-MAX_COMPLAINT_LENGTH));
  }
}

/**
 * Opens a session over streamable HTTP and keeps it until it is closed, when the server is told so.
 * @param send fetch of the one way out
 * @throws McpConnectError
 */
export async function connectHttp(
  send: Fetch,
  { url, headers, proxy }: HttpServer,
  options: ConnectOptions,
): Promise<ConnectedSession> {
  const address = URL.parse(url);
  if (!address)
    throw new McpConnectError({
      kind: 'http',
      outcome: { kind: 'unsendable', problem: 'the URL is none' },
      isLegacySse: false,
    });
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const shown = createShown(address, headers, proxy);
  const observed = observedFetch(send, shown);
  const { client } = options;
  let isOpen = false;
  const transport = new StreamableHTTPClientTransport(address, {
    // Once a session stands, its answers may be as long as they like.
    fetch: (...request) => (isOpen ? send(...request) : observed.fetch(...request)),
    requestInit: {
      headers: { 'user-agent': `${client.name}/${client.version}`, ...revealHeaders(headers) },
    },
  });
  try {
    const session = await openSession(transport, { ...options, shown });
    isOpen = true;
    return {
      ...session,
      connection: {
        transport: 'http',
        ...hostAndPort(url),
        sessionId: () => transport.sessionId,
      },
      close: async () => {
        await goodbye(transport);
        await session.close();
      },
    };
  } catch (error) {
    const { seen } = observed;
    throw new McpConnectError(
      seen
        ? {
            kind: 'http',
            outcome: seen.outcome,
            ...(seen.trace && { trace: seen.trace }),
            isLegacySse: false,
          }
        : await faultOf(error, shown),
    );
  }
}
