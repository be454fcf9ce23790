import { condition, setHandler } from '@temporalio/workflow';
import { answerSignals, statusQuery } from '../../../../workflows/contracts/messages.ts';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import { sampleGate, sampleReport, sampleStatus } from '../../runbook/sample-status.ts';

export { drill } from '../../../../workflows/operations/drill.ts';

/** Stands in for the work of an operation, which takes its minutes: here it is when it ran that is looked at. */
async function standIn(): Promise<void> {}

export {
  standIn as applyRetention,
  standIn as backUpConfiguration,
  standIn as backup,
  standIn as checkOverdue,
  standIn as checkProviderBackups,
  standIn as checkSchedules,
  standIn as keepMonitor,
  standIn as monthlyReview,
  standIn as planReview,
  standIn as securityAudit,
  standIn as syncUploads,
  standIn as testEverything,
  standIn as testRestore,
  standIn as validateBackups,
};

/** Stands in for a recovery: waits at its gate until somebody approves, however long that takes. */
export async function databaseCorruption(): Promise<RecoveryReport> {
  let approved = false;
  setHandler(statusQuery, () => ({ ...sampleStatus, measures: [], open: approved ? null : sampleGate }));
  setHandler(answerSignals.approve, () => {
    approved = true;
  });
  await condition(() => approved);
  const healthySince = new Date().toISOString();
  return { ...sampleReport, outcome: 'recovered', status: { ...sampleReport.status, healthySince } };
}
