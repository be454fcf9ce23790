import { openRangeSocket, type RangeSocket } from './range-socket.ts';

/** Reads ranges of objects over connections of its own. */
export interface RangeReader {
  /**
   * Asks for a range and hands its bytes over; each piece is overwritten once the next is asked for.
   *
   * @param request signed, for exactly so many bytes
   * @returns undefined for any other answer than exactly those bytes: then the request is to be sent another way, which
   *   reads what the server has to say
   * @throws Error with a code of the system when the connection breaks; what `take` throws; the signal's reason
   */
  read<T>(
    request: { readonly path: string; readonly headers: Readonly<Record<string, string>> },
    bytes: number,
    take: (etag: string | undefined, pieces: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly taken: T } | undefined>;
  /** Ends all connections. */
  close(): void;
}

/** @param settings.timeoutMs how long the server may be silent */
export function createRangeReader(settings: { readonly url: URL; readonly timeoutMs: number }): RangeReader {
  const { url, timeoutMs } = settings;
  const open = new Set<RangeSocket>();
  const idle: RangeSocket[] = [];

  const acquire = (): RangeSocket => {
    for (let socket = idle.pop(); socket !== undefined; socket = idle.pop()) {
      if (socket.reusable) return socket;
      open.delete(socket);
    }
    const socket = openRangeSocket(url, timeoutMs);
    open.add(socket);
    return socket;
  };

  return {
    async read({ path, headers }, bytes, take, signal) {
      signal.throwIfAborted();
      const socket = acquire();
      const abort = () => socket.destroy();
      signal.addEventListener('abort', abort, { once: true });
      try {
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        const head = await socket.ask(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
        if (head.status !== 206 || head.contentLength !== bytes) return undefined;
        return { taken: await take(head.headers.get('etag'), socket.body()) };
      } finally {
        signal.removeEventListener('abort', abort);
        if (socket.reusable) idle.push(socket);
        else {
          socket.destroy();
          open.delete(socket);
        }
      }
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}
