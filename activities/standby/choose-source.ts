import type { StandbySource } from '../../workflows/contracts/standby.ts';
import { DrError } from '../errors.ts';
import type { VaultWork } from '../vault/location.ts';
import { newestVerified } from '../vault/newest-verified.ts';
import type { StandbyDependencies } from './dependencies.ts';

/**
 * Finds the newest backup that is whole, at any location: each location's newest is read to its end, since a listing
 * proves nothing. Of equally new ones the first location's is taken.
 *
 * @throws DrError `backup-invalid` (not retried) when no location has one
 */
export async function chooseStandbySource(
  { locations, keyring }: StandbyDependencies,
  work: VaultWork,
): Promise<StandbySource> {
  const passedOver: string[] = [];
  const found: Omit<StandbySource, 'passedOver'>[] = [];
  for (const { name, store } of locations) {
    try {
      const { backup, passedOver: damaged } = await newestVerified({ store, keyring }, work);
      passedOver.push(...damaged.map(({ key, failure }) => `${name}/${key}: ${failure.message}`));
      if (backup === null) passedOver.push(`${name}: no backup`);
      else {
        const { key, bytes, snapshotAt } = backup;
        found.push({ location: name, key, bytes, snapshotAt });
      }
    } catch (error) {
      work.signal.throwIfAborted();
      if (!(error instanceof DrError)) throw error;
      passedOver.push(`${name}: ${error.explanation.happened}`);
    }
  }
  const [newest] = found.sort((a, b) => Date.parse(b.snapshotAt) - Date.parse(a.snapshotAt));
  if (newest !== undefined) return { ...newest, passedOver };
  throw new DrError('backup-invalid', {
    happened: `No location holds a backup that can be used: ${passedOver.join('; ')}`,
    meaning: 'There is nothing to rebuild the database from.',
    next: 'Give the worker access to a location that has one (BACKUP_FOLDER, S3_, S3_SECOND_) and the passphrase, then retry.',
  });
}
