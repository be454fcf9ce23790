import { Readable } from 'node:stream';
import type pg from 'pg';
import { CopyMessages } from './copy-messages.ts';
import { toDrError } from './failures.ts';

/** As much as arrives at once is handed on at once; the connection is paused when nobody takes it. */
const highWaterMark = 256 * 1024;

/**
 * `COPY … TO STDOUT` as a stream of rows in the copy's format. Ends when the session is ready for its next statement;
 * fails with `database-unreachable` (retried) or `database-query-failed`. Destroyed before its end, it breaks the
 * connection: what the server still sends would be taken for the answer to another statement.
 */
export class CopyOut extends Readable implements pg.Submittable {
  readonly #sql: string;
  readonly #messages = new CopyMessages();
  #connection: pg.Connection | undefined;
  #restore: ((rest: Buffer) => void) | undefined;
  #finished = false;

  constructor(sql: string) {
    super({ highWaterMark });
    this.#sql = sql;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    const { stream } = connection;
    const listeners = stream.listeners('data').map((listener) => (chunk: Buffer) => {
      listener.call(stream, chunk);
    });
    stream.removeAllListeners('data');
    const onData = (chunk: Buffer) => {
      const { data, rest } = this.#messages.read(chunk);
      const wanted = data.length === 0 || this.push(data);
      if (rest !== undefined) this.#restore?.(rest);
      else if (!wanted) stream.pause();
    };
    this.#restore = (rest) => {
      this.#restore = undefined;
      stream.removeListener('data', onData);
      for (const listener of listeners) stream.on('data', listener);
      for (const listener of listeners) listener(rest);
      stream.resume();
    };
    stream.on('data', onData);
    connection.query(this.#sql);
  }

  handleError(error: unknown): void {
    this.#finished = true;
    this.destroy(toDrError(error));
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#finished = true;
    this.push(null);
  }

  override _read(): void {
    if (this.#restore !== undefined) this.#connection?.stream.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#finished) this.#connection?.stream.destroy();
    done(error);
  }
}
