import type { RunnableScenario } from '../contracts/names.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { applicationCrashRunbook } from './application-crash.ts';
import { completeFailureRunbook } from './complete-failure.ts';
import { dataLossRunbook } from './data-loss.ts';
import { databaseCorruptionRunbook } from './database-corruption.ts';
import { securityBreachRunbook } from './security-breach.ts';

/** Every runbook by its scenario. */
export const runbooks = {
  'database-corruption': databaseCorruptionRunbook,
  'application-crash': applicationCrashRunbook,
  'data-loss': dataLossRunbook,
  'security-breach': securityBreachRunbook,
  'complete-failure': completeFailureRunbook,
} as const satisfies Record<RunnableScenario, Runbook>;
