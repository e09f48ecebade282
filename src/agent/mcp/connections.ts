import type { Tool as ServerTool } from '@modelcontextprotocol/client';
import { McpConnectError } from '../../mcp/connect.ts';
import type { ConnectedSession } from '../../mcp/connect.ts';
import type { Elicit } from '../../mcp/session.ts';
import type { McpServer } from '../../target/mcp/facts.ts';
import type { Guard } from '../policy/guard.ts';
import type { EventMsg } from '../protocol/event.ts';
import type { Tool } from '../tools/tool.ts';
import { faultInWords } from './fault-words.ts';
import { qualifyTools } from './names.ts';
import type { McpListening } from './told-call.ts';
import { createMcpTool } from './tool.ts';

/** Opens a session with one server. Throws `McpConnectError`, or the reason of `signal`. */
export type Connect = (
  server: McpServer,
  options: { readonly signal: AbortSignal; readonly elicit: Elicit },
) => Promise<ConnectedSession>;

export interface McpConnectionsOptions {
  /** Those that are switched on. */
  readonly servers: readonly McpServer[];
  readonly connect: Connect;
  readonly guard: Guard;
  readonly emit: (msg: EventMsg) => void;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
  /** Asks the user for a server. */
  readonly elicit: (server: string) => Elicit;
  /** Absent where nobody listens. */
  readonly listening?: McpListening | undefined;
}

/** What the start of all servers came to. */
export interface McpStartup {
  readonly tools: readonly Tool[];
  readonly failed: readonly FailedServer[];
}

export interface FailedServer {
  readonly server: string;
  /** The thread does not start without it. */
  readonly required: boolean;
  /** One sentence, without a secret. */
  readonly error: string;
}

export interface McpConnections {
  /** Settles when every server is ready, has failed or was cancelled. The same promise for everybody who asks. */
  started(): Promise<McpStartup>;
  /** An interrupt without a turn: whoever is not ready stays out. */
  cancelStartup(): void;
  /** Ends every session. Never rejects. */
  close(): Promise<void>;
}

type Started =
  | { readonly kind: 'ready'; readonly session: ConnectedSession; readonly tools: readonly ServerTool[] }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'cancelled' };

/**
 * Starts all servers of a thread side by side and turns what they offer into tools. A server that does not come costs its
 * own tools alone.
 */
export function connectMcpServers(options: McpConnectionsOptions): McpConnections {
  const { servers, emit } = options;
  const stop = new AbortController();
  const sessions: ConnectedSession[] = [];

  const startAll = async (): Promise<McpStartup> => {
    const states = await Promise.all(
      servers.map(async (server): Promise<Started> => {
        emit({ type: 'mcp_startup_update', server: server.name, status: 'starting' });
        const state = await startOne(server, options, stop.signal);
        if (state.kind === 'ready') sessions.push(state.session);
        emit({
          type: 'mcp_startup_update',
          server: server.name,
          status: state.kind,
          ...(state.kind === 'failed' && { error: state.error }),
        });
        return state;
      }),
    );
    return outcomeOf(states, options);
  };

  const startup = servers.length === 0 ? Promise.resolve(NOTHING) : startAll();
  return {
    started: () => startup,
    cancelStartup: () => stop.abort(),
    close: async () => {
      stop.abort();
      await startup;
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

const NOTHING: McpStartup = { tools: [], failed: [] };

async function startOne(
  server: McpServer,
  { connect, elicit }: McpConnectionsOptions,
  signal: AbortSignal,
): Promise<Started> {
  let session: ConnectedSession | undefined;
  try {
    session = await connect(server, { signal, elicit: elicit(server.name) });
    const tools = await session.listTools({ timeoutMs: server.startupTimeoutMs, signal });
    return { kind: 'ready', session, tools };
  } catch (error) {
    await session?.close();
    if (signal.aborted) return { kind: 'cancelled' };
    return { kind: 'failed', error: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof McpConnectError)) return 'it does not list its tools';
  return faultInWords(error.fault, error.complaint);
}

function outcomeOf(states: readonly Started[], options: McpConnectionsOptions): McpStartup {
  const { servers, emit } = options;
  const named = servers.map((server, index) => ({ server, state: states[index] }));
  const failed = named.flatMap(({ server, state }): FailedServer[] =>
    state?.kind === 'failed' ? [{ server: server.name, required: server.required, error: state.error }] : [],
  );
  emit({
    type: 'mcp_startup_complete',
    ready: namesOf(named, 'ready'),
    failed: failed.map(({ server, error }) => ({ server, error })),
    cancelled: namesOf(named, 'cancelled'),
  });
  const offered = named.flatMap(({ server, state }) =>
    state?.kind === 'ready'
      ? state.tools
          .filter(({ name }) => isOffered(name, server))
          .map((tool) => ({
            server: server.name,
            tool: tool.name,
            definition: tool,
            settings: server,
            session: state.session,
          }))
      : [],
  );
  const { named: qualified, skipped } = qualifyTools(offered);
  for (const { server, tool } of skipped)
    emit({
      type: 'warning',
      message: `The MCP server ${server} lists the tool ${tool} twice; the second one is left out.`,
    });
  return { tools: qualified.map(({ name, raw }) => createMcpTool({ name, ...raw, ...options })), failed };
}

const namesOf = (
  all: readonly { readonly server: McpServer; readonly state: Started | undefined }[],
  kind: Started['kind'],
): string[] => all.flatMap(({ server, state }) => (state?.kind === kind ? [server.name] : []));

const isOffered = (tool: string, { enabledTools, disabledTools }: McpServer): boolean =>
  (enabledTools === undefined || enabledTools.includes(tool)) && !disabledTools.includes(tool);
