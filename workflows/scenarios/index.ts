import type { RunnableScenario } from '../contracts/names.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { dataLossRunbook } from './data-loss.ts';

/** Every runbook by its scenario. */
export const runbooks = {
  'data-loss': dataLossRunbook,
} as const satisfies Record<RunnableScenario, Runbook>;
