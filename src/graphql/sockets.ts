/**
 * The WebSocket door: upgrades on the HTTP server's own port, how many there may be, and their life and end.
 * Browsers open WebSockets to any origin without asking; a page of another origin is refused.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server as ProtocolServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';
import { API_LIMITS } from './limits.ts';
import { createProtocol, type ProtocolParts, type SocketState } from './socket-protocol.ts';

export interface SocketDoorParts extends ProtocolParts {
  readonly server: Server;
  readonly path: string;
}

export interface SocketDoor {
  /** Takes no more sockets, closes those that are open with 1001, and ends those that do not answer. */
  stop(): Promise<void>;
}

export function openSocketDoor(parts: SocketDoorParts): SocketDoor {
  const { server, path, log, timers, metrics } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: API_LIMITS.messageBytes,
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });
  const socketsByAddress = new Map<string, number>();
  const protocol = createProtocol(parts);
  let isStopping = false;

  const onUpgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
    const address = request.socket.remoteAddress ?? '';
    const fromAddress = socketsByAddress.get(address) ?? 0;
    if (request.url?.split('?')[0] !== path) return refuse(duplex, 404, 'Not Found');
    if (isStopping) return refuse(duplex, 503, 'Service Unavailable');
    if (!isSameOrigin(request)) return refuse(duplex, 403, 'Forbidden');
    if (fromAddress >= API_LIMITS.socketsPerAddress) return refuse(duplex, 429, 'Too Many Requests');
    if (sockets.clients.size >= API_LIMITS.sockets) return refuse(duplex, 503, 'Service Unavailable');
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      socketsByAddress.set(address, (socketsByAddress.get(address) ?? 0) + 1);
      metrics?.socketOpened();
      socket.once('close', () => {
        const left = (socketsByAddress.get(address) ?? 1) - 1;
        if (left > 0) socketsByAddress.set(address, left);
        else socketsByAddress.delete(address);
        metrics?.socketClosed();
      });
      serve(socket, { protocol, log, authorization: request.headers.authorization });
      keepAlive(socket, timers);
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    async stop() {
      isStopping = true;
      const closed = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      const cancel = timers.after(API_LIMITS.drainMs, () => {
        for (const socket of sockets.clients) socket.terminate();
      });
      await Promise.all(closed);
      cancel();
      sockets.close();
    },
  };
}

/** Joins a socket to the protocol. */
function serve(
  socket: WebSocket,
  { protocol, log, authorization }: { protocol: ProtocolServer<SocketState>; log: Log; authorization: unknown },
): void {
  // What a client sends wrongly is not a fault of ours; ws closes the socket with the fitting code.
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  // Whoever sends waits for this before the next event: a slow reader slows its own subscription only.
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (socket.readyState !== socket.OPEN) resolve();
      else socket.send(text, (error) => (error && socket.readyState === socket.OPEN ? reject(error) : resolve()));
    });
  const operationById: SocketState['operationById'] = new Map();
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data: Buffer) => {
          const text = data.toString();
          const handled = async (): Promise<void> => {
            await handle(text);
            // The protocol ends subscriptions; what is still being worked out for an answer, it lets run.
            operationById.get(completedId(text) ?? '')?.end();
          };
          handled().catch((error: unknown) => {
            log.error({ err: error }, 'a message on a WebSocket failed for a reason of ours');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    {
      operationById,
      delivery: {
        post: (bytes) => {
          if (socket.readyState === socket.OPEN) socket.send(bytes, { binary: false });
        },
        send,
        waitingBytes: () => socket.bufferedAmount,
      },
      authorization,
      principal: null,
      close: (code, reason) => socket.close(code, reason),
      forget: () => undefined,
    },
  );
  socket.once('close', (code, reason) => {
    closed(code, reason.toString()).catch((error: unknown) =>
      log.error({ err: error }, 'a subscription did not end well'),
    );
  });
}

/** The operation whose answer a client does not want any more; null: the message says something else. */
function completedId(text: string): string | null {
  if (text.length > COMPLETE_LENGTH || !text.includes('"complete"')) return null;
  try {
    const { type, id } = JSON.parse(text) as { type?: unknown; id?: unknown };
    return type === 'complete' && typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

/** Characters that such a message has at most: other messages need not be read twice. */
const COMPLETE_LENGTH = 1_000;

/** Ends a socket whose other side is gone without a word. */
function keepAlive(socket: WebSocket, timers: Timers): void {
  let isAlive = true;
  let cancel: () => void;
  const beat = (): void => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    cancel = timers.after(API_LIMITS.socketPingMs, beat);
  };
  cancel = timers.after(API_LIMITS.socketPingMs, beat);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.once('close', () => cancel());
}

function isSameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true;
  try {
    return new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}

/** Does not wait for the other side to close: it may never do. */
function refuse(duplex: Duplex, status: number, reason: string): void {
  duplex.on('error', () => duplex.destroy());
  duplex.once('finish', () => duplex.destroy());
  duplex.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
