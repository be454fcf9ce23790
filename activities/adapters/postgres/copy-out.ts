import type pg from 'pg';
import type { RowSink } from '../../ports.ts';
import { CopyMessages } from './copy-messages.ts';
import { toDrError } from './failures.ts';
import { readDirectly } from './reading-socket.ts';

/**
 * `COPY … TO STDOUT` into a {@link RowSink}. When the sink fails the connection is broken: what the server still sends
 * would be taken for the answer to another statement.
 */
export class CopyOut implements pg.Submittable {
  /**
   * Resolves when the session is ready for its next statement; rejects with `database-unreachable` (retried),
   * `database-query-failed` or what the sink threw.
   */
  readonly done: Promise<void>;
  readonly #sql: string;
  readonly #sink: RowSink;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(sql: string, sink: RowSink) {
    this.#sql = sql;
    this.#sink = sink;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    const messages = new CopyMessages(this.#sink);
    const { stream } = connection;
    const handBack = (rest: Buffer) => {
      giveBack();
      stream.emit('data', rest);
    };
    const giveUp = (error: unknown) => {
      this.#reject(error);
      stream.destroy();
    };
    const onData = (chunk: Buffer) => {
      try {
        const rest = messages.read(chunk);
        const wait = this.#sink.chunkRead();
        if (wait !== undefined) {
          stream.pause();
          wait.then(() => {
            if (rest !== undefined) handBack(rest);
            stream.resume();
          }, giveUp);
        } else if (rest !== undefined) handBack(rest);
      } catch (error) {
        giveUp(error);
      }
    };
    const giveBack = readDirectly(stream, onData);
    connection.query(this.#sql);
  }

  handleError(error: unknown): void {
    this.#reject(toDrError(error));
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#resolve();
  }
}
