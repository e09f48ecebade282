import type { WebSocketOutcome } from '../outcome.ts';

/** What an error means that Node's HTTP client or `ws` reported before the connection was a WebSocket. */
export function outcomeOfFailedUpgrade(
  error: NodeJS.ErrnoException,
  { hasSwitched, receivedBytes }: { readonly hasSwitched: boolean; readonly receivedBytes: number },
): WebSocketOutcome {
  // After 101 only `ws` itself objects, in fixed sentences about a header of the upgrade.
  if (hasSwitched) return { kind: 'bad_upgrade', problem: error.message };
  const code = error.code ?? 'UNKNOWN';
  if (code.startsWith('HPE_')) return { kind: 'not_http', hop: 'endpoint', code };
  // With TLS 1.3 a server refuses a client after the client's handshake is done.
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return { kind: 'tls_failed', hop: 'endpoint', code };
  return {
    kind: 'broken',
    hop: 'endpoint',
    phase: 'websocket',
    // "socket hang up" has the code of a reset; only a real one comes from a system call.
    code: code === 'ECONNRESET' && error.syscall === undefined ? 'closed' : code,
    receivedBytes,
  };
}
