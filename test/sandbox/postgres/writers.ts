import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

const pauseMs = 1;

/** Traffic that sells all the time, whatever becomes of the server: each writer reconnects until it is stopped. */
export class Writers {
  readonly #connectionString: string;
  readonly #loops: Promise<void>[];
  #lastId = 0;
  #stopped = false;

  constructor(connectionString: string, count: number) {
    this.#connectionString = connectionString;
    this.#loops = Array.from({ length: count }, () => this.#write());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #write(): Promise<void> {
    while (!this.#stopped) {
      const client = new Client({ connectionString: this.#connectionString });
      client.on('error', () => undefined);
      try {
        await client.connect();
        while (!this.#stopped) {
          await client.query('INSERT INTO sales VALUES ($1)', [++this.#lastId]);
          await delay(pauseMs);
        }
      } catch {
        await delay(pauseMs * 20);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }
}
