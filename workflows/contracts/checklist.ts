import type { OperationIncident } from './operations.ts';

/** Input of the workflow `checklist`. */
export interface ChecklistInput {
  readonly environment: string;
}

/**
 * How an item of the checklist stands. `failed`: the newest run that answers it failed; `overdue`: nothing was ever done,
 * or nothing that is young enough.
 */
export type ChecklistState = 'done' | 'failed' | 'overdue';

/** The run that answers an item. Times RFC 3339, UTC. */
export interface ChecklistEvidence {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedBy: string;
  readonly finishedAt: string;
}

/** One line of the procedure's checklist, answered by evidence. */
export interface ChecklistItem {
  readonly period: 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'annual';
  /** As the procedure writes it. */
  readonly item: string;
  readonly state: ChecklistState;
  /** What the evidence says, or why there is none. */
  readonly found: string;
  readonly evidence: ChecklistEvidence | null;
  /** How old the evidence may be, ms; null where the policy does not say. */
  readonly maxAgeMs: number | null;
  /** Words after `npx dr` that do it now; null where no command does. */
  readonly command: string | null;
}

/** The procedure's checklist (sections 7 and 10), and what is failing now. */
export interface ChecklistReport {
  readonly environment: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly items: readonly ChecklistItem[];
  readonly incidents: readonly OperationIncident[];
}
