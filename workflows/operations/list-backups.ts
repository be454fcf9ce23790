import type { BackupListing, ListBackupsInput } from '../contracts/backups.ts';
import { activities } from '../runbook/activities.ts';

/**
 * Lists the newest backups of every location, with whether each copy is what was stored. Reads only.
 *
 * @throws `input-invalid` for another environment, `configuration-invalid` without the passphrase; not retried
 */
export async function listBackups({ environment, limit }: ListBackupsInput): Promise<BackupListing> {
  await activities.governance.admit({ environment, startedBy: null });
  const at = new Date().toISOString();
  return { environment, at, ...(await activities.vault.listEverywhere({ limit })) };
}
