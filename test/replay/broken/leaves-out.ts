import type { RecoveryInput, RepairInput } from '../../../workflows/contracts/inputs.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import { runRecovery } from '../../../workflows/runbook/recovery.ts';
import { dataLossRunbook } from '../../../workflows/scenarios/data-loss.ts';

/** Data loss as nobody must release it over running recoveries: without the proof of silence. */
export async function dataLoss(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  const steps = dataLossRunbook.steps.filter(({ id }) => id !== 'prove-silence');
  return runRecovery({ ...dataLossRunbook, steps }, input);
}
