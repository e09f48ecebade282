import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { createConnector } from '../dial/agent.ts';
import type { ConnectionOptions } from '../dial/agent.ts';
import type { DialTrace } from '../dial/trace.ts';

/** A connection that is opened once: undici would otherwise open another one where it thinks that this helps. */
export interface SingleConnection {
  readonly connector: buildConnector.connector;
  /** How it came about; undefined until it did. */
  trace(): DialTrace | undefined;
  /** Bytes since it was opened, as far as they can be counted. */
  receivedBytes(): number;
  /** What the socket itself failed with first, before undici put an error of its own in the place. */
  socketError(): Error | undefined;
  /** At once. The library lets go of an HTTP/2 connection that the server has said farewell on, and leaves it open. */
  end(): void;
}

export function singleConnection(
  options: ConnectionOptions & { readonly alpn: readonly string[] },
): SingleConnection {
  let trace: DialTrace | undefined;
  let isAsked = false;
  let opened: { readonly socket: Socket; readonly bytesBefore: number } | undefined;
  let socketError: Error | undefined;
  const connect = createConnector({
    ...options,
    onDialled: (dialled) => {
      trace = dialled;
      options.onDialled?.(dialled);
    },
  });
  return {
    connector: (address, callback) => {
      if (isAsked) {
        callback(...refused());
        return;
      }
      isAsked = true;
      connect(address, (...answer) => {
        const [, socket] = answer;
        if (socket) opened = { socket, bytesBefore: socket.bytesRead };
        // With TLS 1.3 the alert that refuses a client comes together with the end, and undici reports only the latter.
        socket?.prependOnceListener('error', (error) => {
          socketError = error;
        });
        callback(...answer);
      });
    },
    trace: () => trace,
    receivedBytes: () => (opened ? opened.socket.bytesRead - opened.bytesBefore : 0),
    socketError: () => socketError,
    end: () => opened?.socket.destroy(),
  };
}

function refused(): Parameters<buildConnector.Callback> {
  return [Object.assign(new Error('the connection was closed'), { code: 'closed' }), null];
}
