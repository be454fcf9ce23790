import type { Objective, Scenario } from './policy/objectives.ts';

/** Workflow type that reads what was measured over months; reads only. */
export const readTrendWorkflow = 'readTrend';

/** Input of {@link readTrendWorkflow}. */
export interface TrendInput {
  readonly environment: string;
  /** How many months back. */
  readonly months: number;
}

/** One recovery or drill that came to an end. */
export interface MeasuredRun {
  /** RFC 3339, UTC: when it began. */
  readonly at: string;
  readonly scenario: Scenario;
  readonly kind: 'recovery' | 'drill';
  /** Ms; null where it was not known. */
  readonly rtoMs: number | null;
  readonly rpoMs: number | null;
}

/** One figure at one moment. */
export interface Measured {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly value: number;
}

/** What the evidence in the object store tells of some months, oldest first. */
export interface Measurements {
  readonly runs: readonly MeasuredRun[];
  /** Restores of a backup of ours elsewhere, ms. */
  readonly restores: readonly Measured[];
  /** Bytes of the newest backup of ours, as each validation found it. */
  readonly backupBytes: readonly Measured[];
  /** Age of the newest backup of ours, ms, as each validation found it. */
  readonly backupAges: readonly Measured[];
  /** What was left out, one sentence each. */
  readonly leftOut: readonly string[];
}

/** Figures over months, with what they are held against. */
export interface Trend extends Measurements {
  readonly environment: string;
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly to: string;
  readonly objectives: Readonly<Record<Scenario, Objective>>;
  /** How old the newest backup of ours may be, ms. */
  readonly maxBackupAgeMs: number;
  /** Bytes of each SQL dump that is stored. */
  readonly dumpBytes: readonly Measured[];
}
