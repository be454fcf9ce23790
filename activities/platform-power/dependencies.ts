import type { Database, DatabasePlatform, PlatformPower } from '../ports.ts';

/** What the activities of the platform's power reach. */
export interface PowerDependencies {
  readonly power: PlatformPower;
  readonly platform: Pick<DatabasePlatform, 'status'>;
  readonly database: Database;
  readonly timing: {
    /** How long a project may take to stop or start, ms. */
    readonly deadlineMs: number;
    /** How long the status may be stale after a request was taken, ms. */
    readonly settleMs: number;
    /** Between two looks, ms. */
    readonly pollMs: number;
  };
}
