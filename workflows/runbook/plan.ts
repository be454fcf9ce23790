import type { RecoveryFacts } from '../contracts/facts.ts';
import type { RtoForecast } from '../contracts/forecast.ts';
import type { PlanInput } from '../contracts/inputs.ts';
import type { Policy } from '../contracts/policy.ts';
import type { PlanReport } from '../contracts/report.ts';
import { explainFailure, runbookFailure } from './failure.ts';
import { forecastRto } from './forecast.ts';
import { pendingRecord } from './pending-record.ts';
import {
  type CheckStep,
  expectedOf,
  type FactsPatch,
  isForeseen,
  type Runbook,
  type Step,
  type StepContext,
} from './runbook.ts';
import { knowsOfStolen } from './stolen-credentials.ts';

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
  const context = readOnlyContext(runbook, { input, checks }, policy, facts);
  const findings = new Map<string, string>();
  let changes = false;
  for (const step of runbook.steps) {
    changes ||= step.kind !== 'check';
    if (step.kind !== 'check') continue;
    // A check that comes after the first change counts on it; whether the input can be used is told by looking alone.
    if ((changes || checks === 'input') && step.validatesInput?.(context) !== true) continue;
    if (step.when?.(context) === false) continue;
    context.note(await look(step, context));
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
    expected: policy.expected,
    rtoForecast: foresee(runbook, context, input.incidentAt),
    safetyCopyLimits: policy.safetyCopy,
    warnings: facts.recoveryPoint?.warnings ?? [],
    steps: runbook.steps.map((step) => ({
      id: step.id,
      kind: step.kind,
      title: step.title,
      finding: findings.get(step.id) ?? null,
      undo: undoOf(step),
      expected: expectedOf(step, policy),
    })),
    safeState: runbook.safeState,
  };
}

/** As if the run began now; a step whose condition counts on what only the run finds may come. */
function foresee(runbook: Runbook, context: StepContext, incidentAt: string | null): RtoForecast | null {
  const { policy } = context;
  return forecastRto(
    {
      steps: runbook.steps
        .filter((step) => isForeseen(step, context))
        .map((step) => pendingRecord(step, policy)),
      open: null,
      incidentAt,
      objective: policy.objectives[runbook.scenario],
      outcome: null,
      phase: 'checking',
    },
    Date.now(),
  );
}

/** What a check finds; its failure tells of the other roads as well. */
async function look(step: CheckStep, context: StepContext): Promise<FactsPatch> {
  try {
    return await step.run(context);
  } catch (error) {
    const failure = explainFailure(error);
    const facts = (await step.waysOn?.(failure, context).catch(() => null))?.facts ?? [];
    if (facts.length === 0) throw error;
    const { type, ...explanation } = failure;
    throw runbookFailure(type, explanation, facts);
  }
}

function undoOf(step: Step): string | null {
  return step.kind === 'action' ? (step.undo?.title ?? null) : null;
}

function readOnlyContext(
  runbook: Runbook,
  { input, checks }: Pick<PlanInput, 'input' | 'checks'>,
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
    deploymentId: input.deploymentId ?? null,
    backup: input.backup ?? null,
    credentialsStolen: knowsOfStolen(input),
    inputOnly: checks === 'input',
    environment: input.environment,
    incidentAt: input.incidentAt,
    policy,
    scenario: runbook.scenario,
    revision: 1,
    keyPrefix: `plans/${input.environment}`,
    facts,
    destroyed: false,
    measures: [],
    stopRequested: false,
    earlierFacts: [],
    fact(name) {
      const value = facts[name];
      return value === undefined ? changes() : value;
    },
    note: (patch) => {
      Object.assign(facts, patch);
    },
    setDestroyed: changes,
    askWhetherRestoreWasAccepted: async () => changes(),
  };
}
