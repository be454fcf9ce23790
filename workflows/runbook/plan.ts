import type { RecoveryFacts } from '../contracts/facts.ts';
import type { PlanInput } from '../contracts/inputs.ts';
import type { Policy } from '../contracts/policy.ts';
import type { PlanReport } from '../contracts/report.ts';
import { runbookFailure } from './failure.ts';
import type { Runbook, Step, StepContext } from './runbook.ts';

/**
 * Runs the checks of a runbook that come before its first action, and describes the rest.
 *
 * @param checks `input` for only those that tell whether the input can be used
 */
export async function planRunbook(
  runbook: Runbook,
  { input, checks }: PlanInput,
  policy: Policy,
): Promise<PlanReport> {
  const facts: Partial<RecoveryFacts> = {};
  const context = readOnlyContext(runbook, input, policy, facts);
  const findings = new Map<string, string>();
  for (const step of runbook.steps) {
    if (step.kind !== 'check') break;
    if (checks === 'input' && step.validatesInput?.(context) !== true) continue;
    if (step.when?.(context) === false) continue;
    Object.assign(facts, await step.run(context));
    findings.set(step.id, step.summary(context));
  }
  return {
    environment: input.environment,
    scenario: runbook.scenario,
    title: runbook.title,
    recoveryPoint: facts.recoveryPoint ?? null,
    survey: facts.estimate ?? null,
    objective: policy.objectives[runbook.scenario],
    openRoads: policy.fence.openRoads,
    safetyCopyLimits: policy.safetyCopy,
    warnings: facts.recoveryPoint?.warnings ?? [],
    steps: runbook.steps.map((step) => ({
      id: step.id,
      kind: step.kind,
      title: step.title,
      finding: findings.get(step.id) ?? null,
      undo: undoOf(step),
      expected: step.expected?.(policy) ?? null,
    })),
    safeState: runbook.safeState,
  };
}

function undoOf(step: Step): string | null {
  return step.kind === 'action' ? (step.undo?.title ?? null) : null;
}

function readOnlyContext(
  runbook: Runbook,
  input: PlanInput['input'],
  policy: Policy,
  facts: Partial<RecoveryFacts>,
): StepContext {
  const changes = () => {
    throw runbookFailure('internal-error', {
      happened: 'A check tried to do more than read.',
      meaning: 'The plan was stopped before it changed anything.',
      next: 'This is a fault of the runbook; report it.',
    });
  };
  return {
    target: input.target,
    environment: input.environment,
    incidentAt: input.incidentAt,
    policy,
    scenario: runbook.scenario,
    revision: 1,
    keyPrefix: `plans/${input.environment}`,
    facts,
    destroyed: false,
    stopRequested: false,
    earlierFacts: [],
    fact(name) {
      const value = facts[name];
      return value === undefined ? changes() : value;
    },
    note: changes,
    setDestroyed: changes,
    askWhetherRestoreWasAccepted: async () => changes(),
  };
}
