import type { Policy } from '../../workflows/contracts/policy.ts';
import { approvalHolds } from './approval-holds.ts';
import { digestPlan } from './digest-plan.ts';
import { judgeAnswer } from './judge-answer.ts';

/** What the governance activities need: the policy that was read when the worker started. */
export interface GovernanceDependencies {
  readonly policy: Policy;
}

/** Activities that decide what is allowed; their verdicts are recorded in the history. */
export function createGovernanceActivities({ policy }: GovernanceDependencies) {
  return {
    /** The policy as this worker has it; recorded once at the start of a run. Never fails. */
    readPolicy: async (): Promise<Policy> => policy,
    digestPlan,
    judgeAnswer,
    approvalHolds,
  };
}

/** The governance activities as a workflow calls them. */
export type GovernanceActivities = ReturnType<typeof createGovernanceActivities>;
