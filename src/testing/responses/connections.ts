import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, numbered as they come. */
export interface Connections {
  /** Those that are open now. */
  readonly count: number;
  /** From 1; 0 for one that is closed. */
  readonly numberOf: (socket: Socket) => number;
  readonly destroyAll: () => void;
}

/** @param tell called whenever one comes or goes */
export function watchConnections(server: Server, tell: () => void): Connections {
  const open = new Map<Socket, number>();
  let number = 0;
  server.on('connection', (socket: Socket) => {
    number += 1;
    open.set(socket, number);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      tell();
    });
    tell();
  });
  return {
    get count() {
      return open.size;
    },
    numberOf: (socket) => open.get(socket) ?? 0,
    destroyAll: () => {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
