import type { RecoveryInput } from '../../workflows/contracts/inputs.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { TestProduction } from '../end-to-end/production.ts';

/** What can happen to production. */
export type AccidentName =
  | 'rows-deleted'
  | 'pages-damaged'
  | 'intrusion'
  | 'crash-under-load'
  | 'login-refused'
  | 'nothing-to-roll-back-to'
  | 'providers-gone'
  | 'users-cut-off'
  | 'secrets-stolen';

/** Something that happened to production, and the truth about it, known from before the recovery. */
export interface Accident {
  readonly input: Pick<RecoveryInput, 'incidentAt' | 'target' | 'reason' | 'handedOverBy'>;
  /** Does what a manual step asks for. */
  byHand(step: string): Promise<void>;
  /** What is wrong with production after the run; empty when nothing is. */
  judge(report: RecoveryReport): Promise<readonly string[]>;
  /**
   * Makes production whole for the next case.
   *
   * @param report null when the run did not come to an end
   */
  clear(report: RecoveryReport | null): Promise<void>;
}

/** How production stands, as far as a recovery changes it. Compared as a whole. */
export interface Standing {
  readonly version: string | null;
  readonly status: string | null;
  readonly health: number | null;
  readonly autoDeploy: boolean;
  readonly allowedCidrs: readonly string[];
  readonly timeline: number;
  /** Null where there is no other home. */
  readonly standby: {
    readonly databases: number;
    readonly health: number | null;
    readonly usersDirectedThere: boolean;
  } | null;
}

/** How often something that cannot be taken back was done so far, and by which steps it may be. */
export interface Effect {
  readonly steps: readonly string[];
  readonly what: string;
  readonly count: number;
}

/** A production in which an accident happens, again and again. */
export interface Stage {
  readonly production: TestProduction;
  standing(): Promise<Standing>;
  effects(): readonly Effect[];
  /** Makes the accident happen. */
  begin(): Promise<Accident>;
  stop(): Promise<void>;
}

/** Nothing is to be done by hand. */
export const nothingByHand = (): Promise<void> => Promise.resolve();
