import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from '../http/faults.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';

/** How the one restore of a project stands. `accepted` is the time between 201 and RESTORING. */
type RestoreState = 'none' | 'accepted' | 'restoring' | 'failed';

/** Why a restore is refused, in the provider's words. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused';
}

/** The restores of one project: at most one at a time, carried out on the real cluster. */
export class RestoreJob {
  readonly #cluster: SandboxPostgres;
  readonly #faults: Faults;
  readonly #restoringDelayMs: number;
  readonly #stopped = new AbortController();
  #state: RestoreState = 'none';
  #job: Promise<void> = Promise.resolve();

  /** @param options.restoringDelayMs between the answer 201 and the status RESTORING */
  constructor(options: {
    readonly cluster: SandboxPostgres;
    readonly faults: Faults;
    readonly restoringDelayMs: number;
  }) {
    this.#cluster = options.cluster;
    this.#faults = options.faults;
    this.#restoringDelayMs = options.restoringDelayMs;
  }

  /** The project's status, in the provider's word. */
  status(): 'ACTIVE_HEALTHY' | 'RESTORING' | 'RESTORE_FAILED' | 'INACTIVE' {
    if (this.#state === 'restoring') return 'RESTORING';
    const cluster = this.#cluster.status();
    if (this.#state === 'failed' || cluster === 'failed') return 'RESTORE_FAILED';
    if (cluster === 'running') return 'ACTIVE_HEALTHY';
    return cluster === 'stopped' ? 'INACTIVE' : 'RESTORING';
  }

  /** Takes a restore; it begins later. Throws `RestoreRefused`, and then nothing changes. */
  async accept(targetUnix: number): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    if (this.#faults.isOn('pitr-disabled')) {
      throw new RestoreRefused('PITR is not enabled for this project.');
    }
    const window = await this.#cluster.restoreWindow();
    if (window === undefined || targetUnix < window.earliestUnix || targetUnix > window.latestUnix) {
      throw new RestoreRefused('The recovery time target is outside of the available recovery window.');
    }
    if (this.#state === 'accepted' || this.#state === 'restoring') {
      throw new RestoreRefused('Project is already being restored.');
    }
    if (this.#faults.isOn('restore-ignored')) return;
    this.#state = 'accepted';
    this.#job = this.#run(targetUnix);
  }

  /** Lets go of a restore that has not begun and waits for one that has. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#job;
  }

  async #run(targetUnix: number): Promise<void> {
    try {
      await delay(this.#restoringDelayMs, undefined, { signal: this.#stopped.signal });
      await this.#faults.whenOff('restore-waits');
      this.#stopped.signal.throwIfAborted();
    } catch {
      this.#state = 'none';
      return;
    }
    this.#state = 'restoring';
    try {
      await this.#cluster.restoreTo(targetUnix);
      await this.#faults.whenOff('stuck-restore');
      this.#state = this.#faults.isOn('restore-fails') ? 'failed' : 'none';
    } catch {
      this.#state = 'failed';
    }
  }
}
