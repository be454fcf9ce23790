import type { Policy } from '../../workflows/contracts/policy.ts';
import { type AdmissionRequest, admit } from './admit.ts';
import { approvalHolds } from './approval-holds.ts';
import { digestPlan } from './digest-plan.ts';
import { judgeAnswer } from './judge-answer.ts';

/** Durations of the policy that were measured; null for what was not. */
export type MeasuredDurations = {
  readonly [Name in keyof Policy['expected']]?: Policy['expected'][Name] | null;
};

/** What the governance activities need: the policy that was read when the worker started. */
export interface GovernanceDependencies {
  readonly policy: Policy;
  /** The one environment that this worker's configuration points at. */
  readonly environment: string;
  /** What restores and steps took here lately, as far as it was measured. A plan does without it where it does not answer. */
  readonly measuredDurations?: (environment: string) => Promise<MeasuredDurations>;
}

/** Activities that decide what is allowed; their verdicts are recorded in the history. */
export function createGovernanceActivities(deps: GovernanceDependencies) {
  return {
    /** See {@link admit}. */
    admit: (request: AdmissionRequest): Promise<Policy> => admit(deps, request),
    digestPlan,
    judgeAnswer,
    approvalHolds,
  };
}

/** The governance activities as a workflow calls them. */
export type GovernanceActivities = ReturnType<typeof createGovernanceActivities>;
