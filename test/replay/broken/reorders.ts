import type { RecoveryInput, RepairInput } from '../../../workflows/contracts/inputs.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import { runRecovery } from '../../../workflows/runbook/recovery.ts';
import { dataLossRunbook } from '../../../workflows/scenarios/data-loss.ts';

/** Data loss as nobody must release it over running recoveries: the fence goes up before the application stops. */
export async function dataLoss(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  const fence = dataLossRunbook.steps.filter(({ id }) => id === 'fence-database');
  const steps = dataLossRunbook.steps.flatMap((step) => {
    if (step.id === 'stop-application') return [...fence, step];
    return step.id === 'fence-database' ? [] : [step];
  });
  return runRecovery({ ...dataLossRunbook, steps }, input);
}
