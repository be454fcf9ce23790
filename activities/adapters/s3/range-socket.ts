import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AnswerHead, readHead } from './answer-head.ts';

/** Fits the processor's cache; four of them are one connection's memory. */
const bufferBytes = 256 * 1024;
/** Filled buffers that wait for the reader before the connection stops reading. */
const mostWaiting = 2;

/** One kept-alive connection whose answers arrive in buffers that are used again and again. */
export interface RangeSocket {
  /** Sends a request and resolves with the head of its answer, whose body must be read to its end or given up. */
  ask(request: string): Promise<AnswerHead>;
  /** The body; a piece is overwritten once the next one is asked for. */
  body(): AsyncGenerator<Buffer>;
  /** Whether it can be asked again: the last answer was read to its end and nothing broke. */
  readonly reusable: boolean;
  /** Ends it; whoever waits for it is given the error. */
  destroy(error?: Error): void;
}

interface Filled {
  readonly buffer: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Opens a connection for the bytes of large objects. Exists beside undici because that takes a new buffer of 64 KiB for
 * every read: of 1 GB that made 16,000 of them, and collecting them took as long as all the rest (measured).
 *
 * @param url of the server; only its protocol, host and port count
 * @param timeoutMs how long the server may be silent while an answer is waited for
 */
export function openRangeSocket(url: URL, timeoutMs: number): RangeSocket {
  const free: Buffer[] = [];
  const waiting: Filled[] = [];
  let current: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let filled = 0;
  let from = 0;
  let head: AnswerHead | undefined;
  /** Bytes of the body that have not come yet; -1 while there is no answer to wait for. */
  let left = -1;
  let broken: Error | undefined;
  let wake: (() => void) | undefined;
  let paused = false;

  const handOver = () => {
    if (filled > from) waiting.push({ buffer: current, from, to: filled });
    else free.push(current);
    current = free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
    filled = 0;
    from = 0;
  };
  const fail = (error: Error) => {
    broken ??= error;
    socket.destroy();
    wake?.();
  };
  const onread: OnReadOpts = {
    // Buffers change in the callback only: the socket goes on writing into the one it was given last.
    buffer: () => current.subarray(filled),
    callback: (bytes) => {
      filled += bytes;
      if (head === undefined) {
        head = readHead(current.subarray(0, filled));
        if (head === undefined) {
          if (filled === current.length) fail(new Error('The head of the answer does not end.'));
          return true;
        }
        from = head.length;
        left = head.contentLength - (filled - from);
        wake?.();
      } else left -= bytes;
      if (left < 0) fail(new Error('The answer is longer than it says.'));
      if (left === 0 || filled === current.length) {
        handOver();
        wake?.();
      }
      paused = waiting.length >= mostWaiting;
      return !paused;
    },
  };
  const socket: Socket = connectTo(url, onread);
  socket.setTimeout(timeoutMs, () => {
    if (left !== -1 && waiting.length === 0) fail(withCode('ETIMEDOUT'));
  });
  socket.setNoDelay(true);
  socket.on('error', fail);
  socket.on('close', () => fail(withCode('ECONNRESET')));

  const until = async (ready: () => boolean): Promise<void> => {
    while (!ready()) {
      if (broken !== undefined) throw broken;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  return {
    async ask(request) {
      head = undefined;
      left = Number.POSITIVE_INFINITY;
      socket.write(request);
      await until(() => head !== undefined);
      if (head === undefined) throw withCode('ECONNRESET');
      return head;
    },
    async *body() {
      for (;;) {
        await until(() => waiting.length > 0 || left === 0);
        const next = waiting.shift();
        if (next === undefined) {
          left = -1;
          return;
        }
        if (paused) {
          paused = false;
          socket.resume();
        }
        yield next.buffer.subarray(next.from, next.to);
        free.push(next.buffer);
      }
    },
    get reusable() {
      return broken === undefined && left === -1 && head?.keepAlive === true;
    },
    destroy: (error) => fail(error ?? withCode('ECONNRESET')),
  };
}

function connectTo(url: URL, onread: OnReadOpts): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'http:') return connectPlain({ host, port: Number(url.port || 80), onread });
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const options = { host, port: Number(url.port || 443), ALPNProtocols: ['http/1.1'], onread, ...servername };
  return connectTls(options);
}

function withCode(code: string): Error {
  return Object.assign(new Error('The connection to the object store broke.'), { code });
}
