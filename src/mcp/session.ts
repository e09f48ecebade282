import type {
  CallToolResult,
  Client,
  ElicitResult,
  JSONRPCMessage,
  Tool,
  Transport,
} from '@modelcontextprotocol/client';
import { visibleInOneLine } from '../redact/control.ts';
import type { McpServerFacts } from './outcome.ts';

/** Who we say we are. */
export interface ClientIdentity {
  readonly name: string;
  readonly version: string;
}

export interface SessionOptions {
  readonly client: ClientIdentity;
  /** For the answer to `initialize`. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly shown: Shown;
  /** Without it a server's question is declined as something that this client cannot do. */
  readonly elicit?: Elicit | undefined;
}

/** Makes a server's text fit to be shown, without what we sent or handed over ourselves. */
export type Shown = (text: string) => string;

/** An open conversation with one server, over whatever transport. */
export interface McpSession {
  readonly server: McpServerFacts;
  /** For what the server says when something fails: it may repeat what it was given. */
  readonly shown: Shown;
  /**
   * All tools as the server describes them, page by page, each of which has the same time limit.
   * @throws whatever `faultOf` can name
   */
  listTools(limits: Limits): Promise<readonly Tool[]>;
  /**
   * Calls a tool by the server's own name for it. A tool that failed is an answer like any other (`isError`).
   * @throws whatever `faultOf` can name
   */
  callTool(call: ToolRequest, limits: Limits): Promise<CallToolResult>;
  /** Ends the conversation; never throws. */
  close(): Promise<void>;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ToolRequest {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>> | undefined;
  /** `_meta` of the request. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

/** Asks the user for a server; what it gives back is the server's answer. */
export type Elicit = (request: {
  readonly message: string;
  readonly requestedSchema: unknown;
  readonly signal: AbortSignal;
}) => Promise<ElicitResult>;

/** The answer to `initialize` names a protocol revision that nobody knows. */
export class UnknownVersionError extends Error {
  override readonly name = 'UnknownVersionError';
  readonly protocolVersion: string;

  constructor(protocolVersion: string) {
    super(`the server speaks an unknown revision of MCP`);
    this.protocolVersion = protocolVersion;
  }
}

/** A list of tools that does not come to an end. */
export class EndlessListError extends Error {
  override readonly name = 'EndlessListError';
}

/** What codex 0.169 offers; the others are accepted as an answer. */
const OFFERED_VERSION = '2025-06-18';
/** What codex 0.169 announces: some servers offer more tools to a client that can ask its user. */
const ANNOUNCED = { elicitation: { form: {}, url: {} } } as const;
/** A server with more pages of tools than this has lost count. */
const MAX_PAGES = 64;
const MAX_TEXT_LENGTH = 100;

/**
 * Opens a conversation on a transport that was not started yet.
 * @throws whatever `faultOf` can name; the transport is closed then
 */
export async function openSession(transport: Transport, options: SessionOptions): Promise<McpSession> {
  // The SDK is large, and most runs meet no server.
  const sdk = await import('@modelcontextprotocol/client');
  const versions = [...new Set([OFFERED_VERSION, ...sdk.SUPPORTED_PROTOCOL_VERSIONS])];
  const client = new sdk.Client(options.client, {
    supportedProtocolVersions: versions,
    capabilities: ANNOUNCED,
  });
  const { elicit } = options;
  if (elicit)
    client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) =>
      elicit({
        message: params.message,
        requestedSchema: 'requestedSchema' in params ? params.requestedSchema : null,
        signal: mcpReq.signal,
      }),
    );
  const shown = (text: string): string => visibleInOneLine(options.shown(text).slice(0, MAX_TEXT_LENGTH));
  let protocolVersion: string | undefined;
  // The SDK refuses an unknown version with a sentence only, so the answer is read in passing.
  const listener: Pick<Transport, 'onmessage'> = {
    onmessage: (message: JSONRPCMessage) => {
      protocolVersion ??= versionIn(message);
    },
  };
  Object.assign(transport, listener);
  try {
    await client.connect(transport, { timeout: options.timeoutMs, signal: options.signal });
  } catch (error) {
    await transport.close().catch(() => undefined);
    throw protocolVersion === undefined || versions.includes(protocolVersion)
      ? error
      : new UnknownVersionError(shown(protocolVersion));
  }
  const { name = '', version = '' } = client.getServerVersion() ?? {};
  return {
    server: {
      name: shown(name),
      version: shown(version),
      protocolVersion: shown(protocolVersion ?? ''),
      capabilities: Object.keys(client.getServerCapabilities() ?? {})
        .map(shown)
        .toSorted(),
    },
    shown: options.shown,
    listTools: (limits) => listTools(client, limits),
    callTool: ({ name: tool, arguments: given, meta }, { timeoutMs, signal }) =>
      client.request(
        {
          method: 'tools/call',
          params: { name: tool, ...(given && { arguments: given }), ...(meta && { _meta: meta }) },
        },
        { timeout: timeoutMs, signal, resetTimeoutOnProgress: true },
      ),
    close: () => client.close().catch(() => undefined),
  };
}

function versionIn(message: JSONRPCMessage): string | undefined {
  if (!('result' in message)) return undefined;
  const { protocolVersion } = message.result;
  return typeof protocolVersion === 'string' ? protocolVersion : undefined;
}

/**
 * Asked even of a server that announces no tools, as the agent does; the SDK's own method would not ask, and would print
 * that on stdout.
 */
async function listTools(client: Client, { timeoutMs, signal }: Limits): Promise<readonly Tool[]> {
  const tools: Tool[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await client.request(
      { method: 'tools/list', ...(cursor !== undefined && { params: { cursor } }) },
      { timeout: timeoutMs, signal },
    );
    tools.push(...page.tools);
    cursor = page.nextCursor;
    if (cursor === undefined) return tools;
    // Codex 0.169 gives up on a cursor that it has seen before.
    if (cursors.has(cursor)) throw new EndlessListError('the list of tools repeats a cursor');
    cursors.add(cursor);
  } while (cursors.size < MAX_PAGES);
  throw new EndlessListError(`the list of tools has more than ${MAX_PAGES} pages`);
}
