import type { OperationCheck } from '../../contracts/operations.ts';
import { activities } from '../../runbook/activities.ts';
import { examine } from '../readiness/examine.ts';
import { gatherFacts } from '../readiness/facts.ts';
import { readScenarios } from '../readiness/read-scenarios.ts';
import type { ReviewContext } from './checks.ts';

/** Items of the production checklist that this review itself answers, or another one does. */
const answeredByReviews: readonly string[] = ['Quarterly security audit', 'Annual recovery plan review'];

/** The production checklist; what is only worth knowing there is said here. */
export async function checkProductionChecklist({
  environment,
  policy,
}: ReviewContext): Promise<readonly OperationCheck[]> {
  const nowMs = Date.now();
  const facts = await gatherFacts(environment, policy, new Date(nowMs).toISOString());
  return examine({ environment, policy, facts, nowMs, testAlert: null })
    .filter(({ item }) => !answeredByReviews.includes(item))
    .map(({ item, state, found }) => ({
      name: `checklist: ${item}`,
      passed: state === 'ok',
      advisory: state === 'attention',
      found,
      expected: 'ok',
    }));
}

/** Whether each scenario is verified by a drill. */
export async function checkScenarios({
  environment,
  policy,
}: ReviewContext): Promise<readonly OperationCheck[]> {
  const { scenarios } = await readScenarios(environment, policy);
  return scenarios.map(({ scenario, state, found }) => ({
    name: `verified: ${scenario}`,
    passed: state === 'verified',
    advisory: state !== 'drill-failed',
    found,
    expected: 'a good drill of what is there now, young enough',
  }));
}

/** What the last drill of each scenario measured against the objectives and the other criteria. */
export async function checkObjectives({
  environment,
  policy,
}: ReviewContext): Promise<readonly OperationCheck[]> {
  const { scenarios, drills } = await readScenarios(environment, policy);
  return scenarios.flatMap(({ scenario, drilledAt }): readonly OperationCheck[] => {
    const drill = drills.find((one) => one.scenario === scenario && one.finishedAt === drilledAt);
    if (drill === undefined) {
      const name = `measured: ${scenario}`;
      return [
        { name, passed: false, advisory: true, found: 'never drilled', expected: 'a drill that measured it' },
      ];
    }
    return drill.criteria.map((criterion) => ({
      ...criterion,
      name: `measured: ${scenario}: ${criterion.name}`,
    }));
  });
}

/** Whether the procedure of every scenario can be printed for the day when nothing runs. */
export async function checkProcedures(): Promise<readonly OperationCheck[]> {
  return activities.reviews.checkProcedures();
}
