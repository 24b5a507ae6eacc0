/**
 * Browsers open connections before they need them. Node counts one that has sent nothing yet as busy, and waits a minute
 * for it when it stops; these are known here, and closed.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The answer closes all connections of the server that never sent a request. */
export function trackSpareConnections(server: Server): () => void {
  const spare = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    spare.add(socket);
    socket.once('close', () => spare.delete(socket));
  });
  server.on('request', ({ socket }) => spare.delete(socket));
  server.on('upgrade', ({ socket }) => spare.delete(socket));
  return () => {
    for (const socket of spare) socket.destroy();
  };
}
