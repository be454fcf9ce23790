import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';
import type { AccidentName, Stage } from '../stage.ts';
import { startApplicationCrashStage } from './application-crash.ts';
import { startCompleteFailureStage } from './complete-failure.ts';
import { startDataLossStage } from './data-loss.ts';
import { startDatabaseCorruptionStage } from './database-corruption.ts';
import { startSecurityBreachStage } from './security-breach.ts';

/** Starts the stage of each scenario for one of its accidents. */
export const startStage = {
  'database-corruption': startDatabaseCorruptionStage,
  'application-crash': startApplicationCrashStage,
  'data-loss': startDataLossStage,
  'security-breach': startSecurityBreachStage,
  'complete-failure': startCompleteFailureStage,
} as const satisfies Record<
  RunnableScenario,
  (policy: PolicyPatch, accident: AccidentName) => Promise<Stage>
>;
