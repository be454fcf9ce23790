import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';
import { duration } from '../../runbook/format.ts';
import { takeBackup } from '../backup.ts';

/**
 * Makes sure that what production is rebuilt from is there before everything goes: the configuration, and an own backup
 * that is not older than half of complete failure's RPO. One that is young enough is left to be the newest: a drill does
 * not make the loss smaller than an incident would.
 *
 * @returns what was found or taken, in words
 * @throws what storing throws where it succeeds at no location
 */
export async function ensureFreshBackup(policy: Policy): Promise<string> {
  const at = new Date().toISOString();
  await activities.vault.storeConfiguration({ at });
  const newestAt = await newestBackupAt();
  const ageMs = newestAt === null ? null : Date.parse(at) - Date.parse(newestAt);
  if (ageMs !== null && ageMs <= policy.objectives['complete-failure'].rpoMs / 2) {
    return `the newest own backup was ${duration(ageMs)} old`;
  }
  const { summary } = await takeBackup('recent', policy);
  return `an own backup was taken before: ${summary}`;
}

/** RFC 3339, UTC; null where no location has one that can be used. */
async function newestBackupAt(): Promise<string | null> {
  try {
    return (await activities.standby.chooseStandbySource({ backup: null, readWhole: false })).snapshotAt;
  } catch (error) {
    if (explainFailure(error).type === 'backup-invalid') return null;
    throw error;
  }
}
