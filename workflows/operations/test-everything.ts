import { isCancellation, sleep } from '@temporalio/workflow';
import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { explainFailure } from '../runbook/failure.ts';
import { takeBackup } from './backup.ts';
import { uploadsBusy } from './holding-places.ts';
import { type OperationResult, runOperation } from './operation.ts';
import { copyUploads } from './sync-uploads.ts';
import { restoreFrom } from './test-restore.ts';
import { lookAtBackups } from './validate-backups.ts';

/** Between two looks whether another run still copies uploads. */
const whileBusy = '15 seconds';
/** How often it is waited so: an hour, twice the interval of the half-hourly copy. */
const busyLooks = 240;

/**
 * The monthly test of everything that a recovery from complete failure needs: a fresh backup, its validation with the
 * provider's, a restore from every location, the copy of the uploads read whole, and the configuration decrypted. What
 * fails does not keep the rest from being tested.
 */
export async function testEverything(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'full-test',
      title: 'Full test',
      failureMeans: 'A recovery from complete failure would miss what is named.',
      work: ({ environment }: OperationInput, policy) => testAll(environment, policy),
    },
    input,
  );
}

async function testAll(environment: string, policy: Policy): Promise<OperationResult> {
  const parts = [
    await part('fresh backup', () => takeBackup('recent', policy)),
    await part('validation', () => lookAtBackups(policy)),
  ];
  for (const location of await activities.vault.locationNames()) {
    parts.push(await part(`restore from ${location}`, () => restoreFrom(location, environment, policy)));
  }
  parts.push(
    await part('uploads', () => readUploads(environment, policy)),
    await part('configuration', () => decryptConfigurations(policy)),
  );
  const whole = parts.filter(({ checks }) => checks.every(({ passed, advisory }) => passed || advisory));
  return {
    summary: `${whole.length} of ${parts.length} parts as they should be: ${parts.map(({ summary }) => summary).join('; ')}`,
    checks: parts.flatMap(({ checks }) => checks),
    restores: parts.flatMap(({ restores = [] }) => restores),
    parts: parts.flatMap(({ parts: timed = [] }) => timed),
    details: parts.flatMap(({ details = [] }) => details),
  };
}

async function part(name: string, work: () => Promise<OperationResult>): Promise<OperationResult> {
  const startedAt = new Date().toISOString();
  const timed = () => [{ name, startedAt, finishedAt: new Date().toISOString() }];
  try {
    const { summary, checks, restores = [], details = [] } = await work();
    return {
      summary: `${name}: ${summary}`,
      checks: checks.map((check) => ({ ...check, name: `${name}: ${check.name}` })),
      restores,
      parts: timed(),
      details,
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { happened } = explainFailure(error);
    return {
      summary: `${name}: could not be tested`,
      checks: [{ name, passed: false, found: happened, expected: 'it can be tested' }],
      parts: timed(),
    };
  }
}

/** The half-hourly copy may be under way: it takes minutes. */
async function readUploads(environment: string, policy: Policy): Promise<OperationResult> {
  for (let looks = 0; ; looks += 1) {
    try {
      return await copyUploads('everything', environment, policy);
    } catch (error) {
      if (looks === busyLooks || explainFailure(error).type !== uploadsBusy) throw error;
    }
    await sleep(whileBusy, { summary: 'another run copies uploads: until it is looked for again' });
  }
}

async function decryptConfigurations({ backups }: Policy): Promise<OperationResult> {
  const checks = await activities.vault.checkConfigurations({
    now: new Date().toISOString(),
    freshWithinMs: backups.maxAgeMs.daily,
  });
  return { summary: `${checks.filter(({ passed }) => passed).length} of ${checks.length} decrypt`, checks };
}
