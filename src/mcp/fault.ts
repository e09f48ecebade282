import { visibleInOneLine } from '../redact/control.ts';
import type { McpFault } from './outcome.ts';
import { EndlessListError, UnknownVersionError } from './session.ts';
import type { Shown } from './session.ts';

const MAX_MESSAGE_LENGTH = 200;

/**
 * What an error of a session means as far as the protocol goes; a transport that knows more says it instead. Texts of
 * the SDK are not passed on, since they may hold what a server sent.
 */
export async function faultOf(error: unknown, shown: Shown): Promise<McpFault> {
  // Loaded already: nothing else throws what comes here.
  const { ProtocolError, SdkError, SdkErrorCode } = await import('@modelcontextprotocol/client');
  if (error instanceof UnknownVersionError)
    return { kind: 'unknown_version', protocolVersion: error.protocolVersion };
  if (error instanceof EndlessListError) return { kind: 'malformed', problem: error.message };
  if (error instanceof ProtocolError)
    return {
      kind: 'rpc_error',
      code: error.code,
      message: visibleInOneLine(shown(error.message).slice(0, MAX_MESSAGE_LENGTH)),
    };
  if (isAbort(error)) return { kind: 'aborted' };
  if (!(error instanceof SdkError))
    return { kind: 'malformed', problem: 'the answer is no message of JSON-RPC 2.0' };
  if (error.code === SdkErrorCode.RequestTimeout) return { kind: 'silent', afterMs: timeoutOf(error.data) };
  return error.code === SdkErrorCode.ConnectionClosed || error.code === SdkErrorCode.NotConnected
    ? { kind: 'closed' }
    : { kind: 'malformed', problem: 'the answer has not the shape that MCP demands' };
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

function timeoutOf(data: unknown): number {
  const timeout = (data as { readonly timeout?: unknown } | undefined)?.timeout;
  return typeof timeout === 'number' ? timeout : 0;
}
