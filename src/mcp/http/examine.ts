import { createShown } from '../../net/http/shown.ts';
import type { RequestHeaders } from '../../net/network.ts';
import type { Proxy } from '../../net/proxy/route.ts';
import { systemClock } from '../../host/clock.ts';
import { faultOf } from '../fault.ts';
import type { McpFault, McpOutcome } from '../outcome.ts';
import { openSession } from '../session.ts';
import type { ClientIdentity, McpSession } from '../session.ts';
import { goodbye } from './goodbye.ts';
import { revealHeaders } from './headers.ts';
import { MAX_ANSWER_BYTES, observedFetch } from './observe.ts';
import type { ObservedFetch } from './observe.ts';

type Fetch = typeof globalThis.fetch;

export interface HttpServer {
  readonly url: string;
  readonly headers: RequestHeaders;
  /** Whom its requests are handed to; see `forwardingProxy`. */
  readonly proxy?: Proxy | undefined;
}

export interface ExamineOptions {
  readonly client: ClientIdentity;
  /** How long the agent waits for the answer to `initialize`, and again for the tools. */
  readonly startupTimeoutMs: number;
  /** For both together, whatever the agent would do. */
  readonly timeoutMs: number;
  /** Ends the examination at once. */
  readonly signal: AbortSignal;
}

/** An old server sends its event stream's head at once. */
const LEGACY_PROBE_MS = 1_000;

/**
 * Asks a server for its tools with the agent's own headers, and ends the session. A redirect to another origin is not
 * followed, as the agent does not. Never throws.
 * @param send fetch of the one way out
 */
export async function examineHttpServer(
  send: Fetch,
  { url, headers, proxy }: HttpServer,
  options: ExamineOptions,
): Promise<McpOutcome> {
  const begunMs = systemClock.elapsed();
  const address = URL.parse(url);
  if (!address) return unsendable('the URL is none');
  const sent = {
    'user-agent': `${options.client.name}/${options.client.version}`,
    ...revealHeaders(headers),
  };
  const shown = createShown(address, headers, proxy);
  const observed = observedFetch(send, shown);
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const transport = new StreamableHTTPClientTransport(address, {
    fetch: observed.fetch,
    requestInit: { headers: sent },
  });
  const elapsedMs = (): number => Math.round(systemClock.elapsed() - begunMs);
  const failed = async (error: unknown): Promise<McpFault> => {
    const remainingMs = options.timeoutMs - elapsedMs();
    return (
      (await httpFault(observed, {
        send,
        address,
        sent,
        signal: AbortSignal.any([
          options.signal,
          AbortSignal.timeout(Math.max(1, Math.min(LEGACY_PROBE_MS, remainingMs))),
        ]),
      })) ?? faultOf(error, shown)
    );
  };
  const { client, signal, startupTimeoutMs, timeoutMs } = options;
  let session: McpSession;
  try {
    const limits = { timeoutMs: Math.min(startupTimeoutMs, timeoutMs), signal };
    session = await openSession(transport, { client, shown, ...limits });
  } catch (error) {
    return signal.aborted ? { kind: 'aborted' } : failed(error);
  }
  const initializeMs = elapsedMs();
  const { server } = session;
  try {
    const listed = await session.listTools({
      timeoutMs: Math.max(1, Math.min(startupTimeoutMs, timeoutMs - initializeMs)),
      signal,
    });
    const names = listed.map(({ name }) => name);
    const tools = { kind: 'listed', names, durationMs: elapsedMs() - initializeMs } as const;
    await goodbye(transport, { remainingMs: timeoutMs - elapsedMs() });
    return { kind: 'connected', server, initializeMs, tools };
  } catch (error) {
    const tools: McpFault = signal.aborted ? { kind: 'aborted' } : await failed(error);
    return { kind: 'connected', server, initializeMs, tools };
  } finally {
    await session.close();
  }
}

const unsendable = (problem: string): McpFault => ({
  kind: 'http',
  outcome: { kind: 'unsendable', problem },
  isLegacySse: false,
});

interface Asked {
  readonly send: Fetch;
  readonly address: URL;
  readonly sent: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What the wire says goes before whatever the SDK makes of it. */
async function httpFault(observed: ObservedFetch, asked: Asked): Promise<McpFault | undefined> {
  if (observed.isFlooded) return { kind: 'flooded', limitBytes: MAX_ANSWER_BYTES };
  const { seen } = observed;
  if (!seen) return undefined;
  const { outcome, trace } = seen;
  const status = outcome.kind === 'answered' ? outcome.answer.status : undefined;
  return {
    kind: 'http',
    outcome,
    ...(trace && { trace }),
    isLegacySse: refusesMessages(status) && (await speaksLegacySse(asked)),
  };
}

const refusesMessages = (status: number | undefined): boolean =>
  status === 400 || status === 404 || status === 405;

/** The transport of 2024 began with a GET that opens an event stream (MCP 2025-06-18, backwards compatibility). */
async function speaksLegacySse({ send, address, sent, signal }: Asked): Promise<boolean> {
  try {
    const headers = { ...sent, accept: 'text/event-stream' };
    const response = await send(address, { headers, redirect: 'manual', signal });
    const type = response.headers.get('content-type') ?? '';
    await response.body?.cancel();
    return response.ok && type.startsWith('text/event-stream');
  } catch {
    return false;
  }
}
