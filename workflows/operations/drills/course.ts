import { workflowInfo } from '@temporalio/workflow';
import type {
  BrokenProduction,
  DrillInput,
  DrillInspection,
  DrillPlan,
  DrillStep,
  DrillStepName,
  EndedRecovery,
  RecoveryRunId,
} from '../../contracts/drills.ts';
import type { Policy } from '../../contracts/policy.ts';

/** A drill as it goes. */
export interface Course {
  readonly input: DrillInput;
  readonly policy: Policy;
  readonly plan: DrillPlan;
  /** Workflow id. */
  readonly id: string;
  readonly runId: string;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly steps: DrillStep[];
  /** Whether it is noted in the store: from then on something may have to be taken away. */
  registered: boolean;
  broken: BrokenProduction | null;
  run: RecoveryRunId | null;
  recoveryStartedAt: string | null;
  ended: EndedRecovery | null;
  inspection: DrillInspection | null;
  /** What was taken away at the end; null as long as something may be left. */
  cleaned: string | null;
  /** Why something is left. */
  left: string | null;
}

/** A drill that has done nothing yet. */
export function begin(input: DrillInput, policy: Policy, plan: DrillPlan): Course {
  const { workflowId, runId, startTime } = workflowInfo();
  return {
    ...{ input, policy, plan, id: workflowId, runId, startedAt: startTime.toISOString(), steps: [] },
    ...{ registered: false, broken: null, run: null, recoveryStartedAt: null },
    ...{ ended: null, inspection: null, cleaned: null, left: null },
  };
}

/** The workflow's clock, RFC 3339 UTC. */
export const now = (): string => new Date().toISOString();

/** Does one step of the drill and notes it, with what it says of itself. */
export async function take(
  course: Course,
  step: DrillStepName,
  work: (course: Course) => Promise<string>,
): Promise<void> {
  const startedAt = now();
  const note = (summary: string) => course.steps.push({ step, startedAt, finishedAt: now(), summary });
  try {
    note(await work(course));
  } catch (error) {
    note('not done');
    throw error;
  }
}
