import type { RunnableScenario } from '../contracts/names.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { dataLossRunbook } from './data-loss.ts';
import { databaseCorruptionRunbook } from './database-corruption.ts';

/** Every runbook by its scenario. */
export const runbooks = {
  'database-corruption': databaseCorruptionRunbook,
  'data-loss': dataLossRunbook,
} as const satisfies Record<RunnableScenario, Runbook>;
