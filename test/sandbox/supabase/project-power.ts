import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import { Refused } from './refused.ts';

/** Pausing and unpausing the project by stopping and starting its cluster. Both are taken first and begin later. */
export class ProjectPower {
  readonly #cluster: SandboxPostgres;
  readonly #delayMs: number;
  readonly #stopped = new AbortController();
  #taken = false;
  #moving: 'PAUSING' | 'COMING_UP' | undefined;
  #job: Promise<void> = Promise.resolve();

  /** @param options.delayMs between the answer and the first change of status */
  constructor(options: { readonly cluster: SandboxPostgres; readonly delayMs: number }) {
    this.#cluster = options.cluster;
    this.#delayMs = options.delayMs;
  }

  /** The status that this has to say, undefined when nothing is under way. */
  status(): 'PAUSING' | 'COMING_UP' | undefined {
    return this.#moving;
  }

  /** @throws Refused unless the cluster runs and nothing is under way */
  pause(): void {
    this.#take('running', 'PAUSING', () => this.#cluster.stop());
  }

  /** @throws Refused unless the cluster is stopped and nothing is under way */
  unpause(): void {
    this.#take('stopped', 'COMING_UP', () => this.#cluster.start());
  }

  /** Lets go of what has not begun and waits for what has. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#job;
  }

  #take(from: 'running' | 'stopped', moving: 'PAUSING' | 'COMING_UP', work: () => Promise<void>): void {
    if (this.#taken || this.#cluster.status() !== from) {
      throw new Refused(
        `Project cannot be ${moving === 'PAUSING' ? 'paused' : 'restored'} in its current state.`,
      );
    }
    this.#taken = true;
    this.#job = this.#run(moving, work);
  }

  async #run(moving: 'PAUSING' | 'COMING_UP', work: () => Promise<void>): Promise<void> {
    try {
      await delay(this.#delayMs, undefined, { signal: this.#stopped.signal });
      this.#moving = moving;
      await work();
    } catch {
      // The cluster's own status tells what came of it.
    } finally {
      this.#moving = undefined;
      this.#taken = false;
    }
  }
}
