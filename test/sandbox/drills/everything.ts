import type { SandboxProduction } from '../index.ts';
import type { FrontDoor } from '../standby/front-door.ts';

/** What is taken away, and where users are directed. */
export interface EverythingOf {
  readonly production: Pick<SandboxProduction, 'postgres' | 'railway' | 'supabase'>;
  readonly frontDoor: Pick<FrontDoor, 'upstream' | 'direct'>;
}

/** How it was before. */
interface Before {
  readonly upstream: string;
  readonly deploymentId: string | undefined;
  readonly autoDeploy: boolean;
  readonly networks: readonly string[];
  readonly sslEnforced: boolean;
}

/** Whatever it asks. */
const everyOperation = '*';

/** A production that can be gone as a whole: both providers, the database and the application. */
export class Everything {
  readonly #parts: EverythingOf;
  #before: Before | null = null;

  constructor(parts: EverythingOf) {
    this.#parts = parts;
  }

  /** Cuts every call to both providers, crashes the database server and ends the application. Twice is as good as once. */
  async takeAway(): Promise<void> {
    if (this.#before !== null) return;
    const { postgres, railway, supabase } = this.#parts.production;
    const { service } = railway;
    const active = service.active();
    this.#before = {
      upstream: this.#parts.frontDoor.upstream(),
      deploymentId: active?.id,
      autoDeploy: service.autoDeploy,
      networks: postgres.networkRestrictions(),
      sslEnforced: postgres.sslEnforced(),
    };
    for (const { faults } of [railway, supabase]) faults.set(everyOperation, { kind: 'drop-before' });
    await postgres.stop('immediate');
    // Without its database it may have been given up meanwhile.
    if (active !== undefined && service.active() === active) service.stop(active.id);
    await service.settled();
  }

  /** Brings all of it back as it was, and directs users there. Nothing where nothing was taken away. */
  async bringBack(): Promise<void> {
    const before = this.#before;
    if (before === null) return;
    const { postgres, railway, supabase } = this.#parts.production;
    const { service } = railway;
    if (postgres.status() === 'stopped') await postgres.start();
    await postgres.setNetworkRestrictions(before.networks);
    await postgres.setSslEnforced(before.sslEnforced);
    for (const { faults } of [railway, supabase]) faults.clear(everyOperation);
    service.autoDeploy = before.autoDeploy;
    if (service.active() === undefined && before.deploymentId !== undefined) {
      service.redeploy(before.deploymentId, true);
      await service.settled();
    }
    this.#parts.frontDoor.direct(before.upstream);
    this.#before = null;
  }
}
