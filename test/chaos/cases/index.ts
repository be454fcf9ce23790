import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import type { ChaosCase } from '../case.ts';
import { aroundOtherCalls } from './around-other-calls.ts';
import { aroundTheRestore } from './around-the-restore.ts';
import { atEachGate } from './at-each-gate.ts';
import { atEachStep } from './at-each-step.ts';

const around = [...aroundTheRestore, ...aroundOtherCalls];

function casesOf(scenario: RunnableScenario): readonly ChaosCase[] {
  return [
    ...atEachGate(scenario),
    ...around.filter((chaosCase) => chaosCase.scenario === scenario),
    ...atEachStep(scenario),
  ];
}

/** In the order of the procedure. */
const scenarios: Readonly<Record<RunnableScenario, readonly ChaosCase[]>> = {
  'database-corruption': casesOf('database-corruption'),
  'application-crash': casesOf('application-crash'),
  'data-loss': casesOf('data-loss'),
  'security-breach': casesOf('security-breach'),
  'complete-failure': casesOf('complete-failure'),
};

/**
 * Every case: a kill and a freeze at each step of each scenario and around each call that must not be made twice, and
 * every end of each gate.
 */
export const allCases: readonly ChaosCase[] = Object.values(scenarios).flat();
