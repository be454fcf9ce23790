import type { ScenarioReadiness } from './scenario-readiness.ts';

/**
 * How an item of the production checklist stands. `attention`: nothing is broken, but somebody should know; `unknown`: its
 * probe could not answer, which is never taken for good.
 */
export type ReadinessState = 'ok' | 'failed' | 'attention' | 'unknown';

/** The two lists of the procedure's section 10, and what on-call needs besides. */
export const readinessGroups = ['before-production', 'ongoing', 'beyond'] as const;

/** One of {@link readinessGroups}. */
export type ReadinessGroup = (typeof readinessGroups)[number];

/** What a probe found, and what to do about it. */
export interface ReadinessAnswer {
  readonly state: ReadinessState;
  readonly found: string;
  /** Actions in words, and commands to copy; empty where nothing needs to be done. */
  readonly todo: readonly string[];
}

/** One line of the production checklist. */
export interface ReadinessItem extends ReadinessAnswer {
  readonly group: ReadinessGroup;
  /** As the procedure writes it, where it does. */
  readonly item: string;
  /** `section 10`, or `beyond` what the procedure asks. */
  readonly procedure: string;
}

/** Input of the workflow `doctor`. */
export interface DoctorInput {
  readonly environment: string;
  readonly startedBy: string;
  /** Whether a mail and a webhook message are really sent, marked as a test. */
  readonly sendTestAlert: boolean;
}

/** The production checklist, answered. */
export interface DoctorReport {
  readonly environment: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** How long all probes took, ms. */
  readonly tookMs: number;
  /** Where the database lies; each `unknown` where nothing tells. */
  readonly provider: { readonly project: string; readonly region: string; readonly redundancy: string };
  readonly items: readonly ReadinessItem[];
  /** How each scenario stands; null where the records of drills could not be read. */
  readonly scenarios: readonly ScenarioReadiness[] | null;
}
