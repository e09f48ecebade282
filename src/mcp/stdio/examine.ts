import { visible } from '../../redact/control.ts';
import { createHiding } from '../../redact/hide.ts';
import type { McpLaunch } from '../../target/mcp/launch.ts';
import { faultOf } from '../fault.ts';
import type { McpFault, McpOutcome, ToolListing } from '../outcome.ts';
import { openSession } from '../session.ts';
import type { ClientIdentity, McpSession, Shown } from '../session.ts';
import { ServerTransport } from './transport.ts';

export interface ExamineOptions {
  readonly client: ClientIdentity;
  /** How long the agent waits for the answer to `initialize`, and again for the tools. */
  readonly startupTimeoutMs: number;
  /** For both together, whatever the agent would do. */
  readonly timeoutMs: number;
  /** Ends the examination at once. */
  readonly signal: AbortSignal;
}

export interface StdioObservation {
  readonly outcome: McpOutcome;
  /** Printed on stdout and no MCP; empty when there was none. Control characters are visible. */
  readonly strayOutput: string;
  readonly stdoutStart: string;
  /** The last lines of stderr. */
  readonly stderrTail: readonly string[];
  /** The line of stderr that most likely names the reason of a failure: a stack trace may follow it. Empty without one. */
  readonly complaint: string;
}

const MAX_STDOUT_LENGTH = 256;
const MAX_STDERR_LENGTH = 2 * 1024;
const MAX_STDERR_LINES = 10;

/**
 * Starts a server as the agent would, asks for its tools, and ends it with everything that it started. Never throws.
 */
export async function examineStdioServer(
  launch: McpLaunch,
  options: ExamineOptions,
): Promise<StdioObservation> {
  const { deserializeMessage } = await import('@modelcontextprotocol/client');
  const transport = new ServerTransport(launch, deserializeMessage);
  const hide = createHiding(launch.secrets);
  const stop = (): void => transport.kill();
  options.signal.addEventListener('abort', stop);
  const outcome = options.signal.aborted
    ? ({ kind: 'aborted' } as const)
    : await converse(transport, { ...options, shown: hide });
  options.signal.removeEventListener('abort', stop);
  transport.kill();
  return {
    outcome,
    strayOutput: startOf(hide(transport.strayOutput)),
    stdoutStart: startOf(hide(transport.stdoutStart)),
    stderrTail: lastLinesOf(hide(transport.stderrTail)),
    complaint: complaintIn(hide(transport.stderrTail)),
  };
}

type Conversation = ExamineOptions & { readonly shown: Shown };

async function converse(transport: ServerTransport, options: Conversation): Promise<McpOutcome> {
  const { client, startupTimeoutMs, timeoutMs, signal, shown } = options;
  let session: McpSession;
  try {
    session = await openSession(transport, {
      client,
      timeoutMs: Math.min(startupTimeoutMs, timeoutMs),
      signal,
      shown,
    });
  } catch (error) {
    return endOf(transport, signal) ?? faultOf(error, shown);
  }
  const initializeMs = Math.round(transport.elapsedMs);
  const tools = await listTools(session, transport, options);
  await session.close();
  return { kind: 'connected', server: session.server, initializeMs, tools };
}

async function listTools(
  session: McpSession,
  transport: ServerTransport,
  { startupTimeoutMs, timeoutMs, signal, shown }: Conversation,
): Promise<ToolListing> {
  const begunMs = transport.elapsedMs;
  const limits = {
    timeoutMs: Math.max(1, Math.min(startupTimeoutMs, Math.round(timeoutMs - begunMs))),
    signal,
  };
  try {
    const names = (await session.listTools(limits)).map(({ name }) => name);
    return { kind: 'listed', names, durationMs: Math.round(transport.elapsedMs - begunMs) };
  } catch (error) {
    return endOf(transport, signal) ?? faultOf(error, shown);
  }
}

/** The end of the program explains whatever the session makes of it. */
function endOf(transport: ServerTransport, signal: AbortSignal): McpFault | undefined {
  return signal.aborted ? { kind: 'aborted' } : transport.end;
}

const startOf = (text: string): string => visible(text.slice(0, MAX_STDOUT_LENGTH).trimEnd());

const COMPLAINT = /\b(?:\w*error|cannot|could not|not found|no such|failed|missing|denied|invalid|usage)\b/i;

function complaintIn(stderr: string): string {
  const lines = visible(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => COMPLAINT.test(line)) ?? lines.at(-1) ?? '';
}

function lastLinesOf(text: string): readonly string[] {
  return visible(text.slice(-MAX_STDERR_LENGTH))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-MAX_STDERR_LINES);
}
