import { isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { OperationCheck, OperationInput, OperationRecord } from '../contracts/operations.ts';
import type { LocationRetention } from '../contracts/retention.ts';
import { activities } from '../runbook/activities.ts';
import { explainFailure } from '../runbook/failure.ts';
import { runOperation } from './operation.ts';
import { planEverywhere, removalLines } from './plan-retention.ts';

/**
 * Removes backups that nothing asks to keep (procedure, section 6), at each location by a plan that is shown before it
 * is carried out. Never the newest verified one, never the last of a kind; a recovery that begins stops it.
 */
export async function applyRetention(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'retention',
      title: 'Retention of backups',
      failureMeans: 'Old backups stay: room may run out, but nothing is lost.',
      work: async ({ environment }: OperationInput, policy) => {
        const planned = await planEverywhere(policy, new Date().toISOString());
        const details = removalLines(planned);
        setCurrentDetails(['Before it began:', ...details.map((line) => `- ${line}`)].join('\n'));
        const checks: OperationCheck[] = [];
        for (const one of planned) checks.push(await carryOut(one));
        checks.push(await removeRecords(environment, policy.backups.keepRecordsMs));
        return { summary: checks.map(({ name, found }) => `${name}: ${found}`).join('; '), checks, details };
      },
    },
    input,
  );
}

async function carryOut(planned: LocationRetention): Promise<OperationCheck> {
  const { location } = planned;
  const name = `retention at ${location}`;
  if ('failure' in planned)
    return { name, passed: false, found: planned.failure.happened, expected: 'a plan' };
  const { plan } = planned;
  const expected = `removed ${plan.remove.length}`;
  try {
    const { removed, refused } = await activities.vault.applyBackupRotation({ location, plan });
    return {
      name,
      passed: refused.length === 0,
      found: `kept ${plan.keep.length}, removed ${removed.length}, the store refused ${refused.length}`,
      expected,
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { name, passed: false, found: explainFailure(error).happened, expected };
  }
}

async function removeRecords(environment: string, keepMs: number): Promise<OperationCheck> {
  const check = { name: 'records of operations', expected: 'no old one beside the newest of each' };
  const before = new Date(Date.now() - keepMs).toISOString();
  try {
    const { removed } = await activities.records.removeOldRecords({ environment, before });
    return { ...check, passed: true, found: `removed ${removed}` };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ...check, passed: false, found: explainFailure(error).happened };
  }
}
