import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut without touching the server. */
export interface NetworkRoad {
  /** The server's URL by this road. */
  readonly url: string;
  /** Cuts what is connected and refuses everything new. */
  close(): void;
  /** Cuts it as soon as this text passes on its way to the server. */
  closeAt(text: string): void;
  /** The same road again. */
  open(): Promise<void>;
  remove(): Promise<void>;
}

/** Opens a road to an HTTP server on this machine. */
export async function openRoad(server: URL): Promise<NetworkRoad> {
  const sockets = new Set<Socket>();
  let lastWords: string | undefined;
  const keep = (socket: Socket, other: () => Socket | undefined) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      other()?.destroy();
    });
  };
  const listen = async (port: number): Promise<Server> => {
    const listener = createServer((incoming) => {
      const outgoing = connect(Number(server.port), server.hostname);
      keep(incoming, () => outgoing);
      keep(outgoing, () => incoming);
      incoming.on('data', (bytes: Buffer) => {
        if (lastWords !== undefined && bytes.includes(lastWords)) close();
      });
      incoming.pipe(outgoing).pipe(incoming);
    });
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return listener;
  };
  let listener = await listen(0);
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The road has no port.');
  const { port } = address;
  function close() {
    lastWords = undefined;
    listener.close();
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: `${server.protocol}//127.0.0.1:${port}`,
    close,
    closeAt: (text) => {
      lastWords = text;
    },
    open: async () => {
      listener = await listen(port);
    },
    remove: async () => {
      if (!listener.listening) return;
      close();
      await once(listener, 'close');
    },
  };
}
