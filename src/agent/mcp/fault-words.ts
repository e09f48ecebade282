import type { HttpFault, McpFault } from '../../mcp/outcome.ts';
import { classify } from '../../net/classify/classify.ts';
import { visibleInOneLine } from '../../redact/control.ts';

/** Why a server cannot be used, in one sentence without a final stop. */
export function faultInWords(fault: McpFault, complaint = ''): string {
  const reason = reasonOf(fault);
  const last = complaint.split('\n').at(-1)?.trim() ?? '';
  return last === '' ? reason : `${reason}; it printed: ${visibleInOneLine(last)}`;
}

function reasonOf(fault: McpFault): string {
  switch (fault.kind) {
    case 'rpc_error':
      return `it answers with error ${fault.code}: ${fault.message}`;
    case 'unknown_version':
      return `it speaks an unknown revision of MCP (${fault.protocolVersion})`;
    case 'malformed':
      return fault.problem;
    case 'silent':
      return `it did not answer within ${fault.afterMs} ms`;
    case 'flooded':
      return `it printed more than ${fault.limitBytes} bytes in one message`;
    case 'closed':
      return 'it ended the conversation';
    case 'aborted':
      return 'it was told to stop';
    case 'exited':
      return `the program ended with ${fault.exitCode === undefined ? (fault.signal ?? 'a signal') : `exit code ${fault.exitCode}`}`;
    case 'spawn_failed':
      return `the program could not be started (${fault.code})`;
    case 'http':
      return fault.isLegacySse
        ? 'it speaks the transport of 2024 that streamable HTTP replaced'
        : httpReason(fault);
  }
}

function httpReason({ outcome, trace }: HttpFault): string {
  const meaning = classify(outcome, 'http', trace);
  switch (meaning.kind) {
    case 'fine':
      return 'its answer is none of MCP';
    case 'failed':
      return meaning.failure.message;
    case 'bad_trust':
      return meaning.error.message;
    case 'bad_proxy':
      return `${meaning.variable} cannot be used: ${meaning.problem}`;
    case 'bad_request':
      return meaning.problem;
  }
}
