import type { Database, DatabasePlatform } from '../ports.ts';

/** How long the restore activities wait, in ms. */
interface RestoreTiming {
  /** Between two looks at the provider. 2 s: 30 of the 120 requests a minute that Supabase allows. */
  readonly pollMs: number;
  /** How long network restrictions may take until they are in force. */
  readonly fenceDeadlineMs: number;
  /**
   * How long a project may say that it is healthy, while the database is not seen to be rewound, before that word
   * is believed: it can be stale.
   */
  readonly healthyGraceMs: number;
}

/** What the restore activities need of the outside world. */
export interface RestoreDependencies {
  readonly platform: DatabasePlatform;
  readonly database: Database;
  /** The present moment; the system's clock when not given. */
  readonly clock?: () => Date;
  readonly timing?: Partial<RestoreTiming>;
}

/** The same with every default filled in. */
export interface RestoreContext {
  readonly platform: DatabasePlatform;
  readonly database: Database;
  readonly clock: () => Date;
  readonly timing: RestoreTiming;
}

/** Fills in the defaults. */
export function restoreContext(dependencies: RestoreDependencies): RestoreContext {
  return {
    platform: dependencies.platform,
    database: dependencies.database,
    clock: dependencies.clock ?? (() => new Date()),
    timing: { pollMs: 2_000, fenceDeadlineMs: 120_000, healthyGraceMs: 60_000, ...dependencies.timing },
  };
}
