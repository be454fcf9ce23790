import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from '../http/faults.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';

interface Cidrs {
  readonly dbAllowedCidrs: readonly string[];
  readonly dbAllowedCidrsV6: readonly string[];
}

function split(cidrs: readonly string[]): Cidrs {
  return {
    dbAllowedCidrs: cidrs.filter((cidr) => !cidr.includes(':')),
    dbAllowedCidrsV6: cidrs.filter((cidr) => cidr.includes(':')),
  };
}

/** Who may connect: first stored, then in force through the cluster's own access rules. */
export class NetworkRestrictions {
  readonly #cluster: SandboxPostgres;
  readonly #faults: Faults;
  readonly #applyDelayMs: number;
  readonly #stopped = new AbortController();
  #stored: { readonly config: Cidrs; readonly at: string } | undefined;
  #appliedAt: string | undefined;
  #job: Promise<void> = Promise.resolve();

  /** @param options.applyDelayMs how long a restriction is only stored */
  constructor(options: {
    readonly cluster: SandboxPostgres;
    readonly faults: Faults;
    readonly applyDelayMs: number;
  }) {
    this.#cluster = options.cluster;
    this.#faults = options.faults;
    this.#applyDelayMs = options.applyDelayMs;
  }

  /** As the API shows it. */
  state() {
    const inForce = split(this.#cluster.networkRestrictions());
    if (this.#stored === undefined) {
      return {
        entitlement: 'allowed',
        config: inForce,
        status: 'applied',
        ...(this.#appliedAt === undefined
          ? {}
          : { updated_at: this.#appliedAt, applied_at: this.#appliedAt }),
      };
    }
    const { config, at } = this.#stored;
    return { entitlement: 'allowed', config, old_config: inForce, status: 'stored', updated_at: at };
  }

  /** Stores a restriction, which comes into force later. A list that is left out stays as it is. */
  apply(wanted: Partial<Cidrs>): void {
    const config = { ...this.state().config, ...wanted };
    const stored = { config, at: new Date().toISOString() };
    this.#stored = stored;
    this.#job = this.#job.then(() => this.#bringIntoForce(stored));
  }

  /** Lets go of a restriction that is not in force yet. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#job;
  }

  async #bringIntoForce(stored: { readonly config: Cidrs; readonly at: string }): Promise<void> {
    try {
      await delay(this.#applyDelayMs, undefined, { signal: this.#stopped.signal });
      await this.#faults.whenOff('restrictions-stay-stored');
      this.#stopped.signal.throwIfAborted();
      const { dbAllowedCidrs, dbAllowedCidrsV6 } = stored.config;
      await this.#cluster.setNetworkRestrictions([...dbAllowedCidrs, ...dbAllowedCidrsV6]);
    } catch {
      // As at the provider: what cannot be applied stays stored.
      return;
    }
    this.#appliedAt = new Date().toISOString();
    if (this.#stored === stored) this.#stored = undefined;
  }
}
