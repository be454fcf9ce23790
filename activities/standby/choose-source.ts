import type { StandbyBackupRequest, StandbySource } from '../../workflows/contracts/standby.ts';
import { DrError } from '../errors.ts';
import { exportKinds } from '../vault/backup-name.ts';
import type { VaultReading } from '../vault/dependencies.ts';
import { listBackups } from '../vault/list-backups.ts';
import type { VaultWork } from '../vault/location.ts';
import { newestVerified } from '../vault/newest-verified.ts';
import { requireManifest } from '../vault/open-backup.ts';
import { type LocationReading, verifyBackup } from '../vault/verify-backup.ts';

/** Which backup to rebuild from. */
export interface StandbySourceQuestion {
  /** Null for the newest. */
  readonly backup: StandbyBackupRequest | null;
  /** Whether it is read to its end; else only its manifest is, which tells whether it is there. */
  readonly readWhole: boolean;
}

interface Found {
  /** Null where the location has none that fits. */
  readonly source: Pick<StandbySource, 'key' | 'bytes' | 'snapshotAt'> | null;
  /** Newer ones that cannot be used, and why. */
  readonly damaged: readonly string[];
}

/**
 * Finds the backup to rebuild from, at any location: the newest that is whole, the newest from before a moment, or the
 * one that was named. It is read to its end, since a listing proves nothing. Of equally new ones the first location's is
 * taken.
 *
 * @throws DrError `backup-invalid` (not retried) when no location has one that can be used, `input-invalid` for a name
 *   that no location lists
 */
export async function chooseStandbySource(
  { locations, keyring }: VaultReading,
  { backup, readWhole }: StandbySourceQuestion,
  work: VaultWork,
): Promise<StandbySource> {
  const passedOver: string[] = [];
  const found: Omit<StandbySource, 'passedOver'>[] = [];
  let listed = false;
  for (const { name, store } of locations) {
    const reading = { store, keyring };
    try {
      const { source, damaged } =
        backup?.kind === 'named'
          ? await named(reading, backup.name, readWhole, work)
          : await newest(reading, backup?.moment, work);
      listed ||= source !== null;
      passedOver.push(...damaged.map((why) => `${name}/${why}`));
      if (source === null) passedOver.push(`${name}: no ${backup === null ? '' : 'such '}backup`);
      else found.push({ location: name, ...source });
    } catch (error) {
      work.signal.throwIfAborted();
      if (!(error instanceof DrError) || error.type === 'input-invalid') throw error;
      listed = true;
      passedOver.push(`${name}: ${error.explanation.happened}`);
    }
  }
  const [first] = found.sort((a, b) => Date.parse(b.snapshotAt) - Date.parse(a.snapshotAt));
  if (first !== undefined) return { ...first, passedOver };
  if (backup?.kind === 'named' && !listed) throw noSuchBackup(backup.name);
  const before = backup?.kind === 'not-after' ? ` from before ${backup.moment}` : '';
  throw new DrError('backup-invalid', {
    happened: `No location holds a backup${before} that can be used: ${passedOver.join('; ')}`,
    meaning: 'There is nothing to rebuild the database from.',
    next: 'Give the worker access to a location that has one (BACKUP_FOLDER, S3_, S3_SECOND_) and the passphrase, then retry.',
  });
}

async function newest(
  reading: LocationReading,
  atOrBefore: string | undefined,
  work: VaultWork,
): Promise<Found> {
  const { backup, passedOver } = await newestVerified(reading, work, { atOrBefore });
  const damaged = passedOver.map(({ key, failure }) => `${key}: ${failure.message}`);
  if (backup === null) return { source: null, damaged };
  const { key, bytes, snapshotAt } = backup;
  return { source: { key, bytes, snapshotAt }, damaged };
}

/** An export by its key, or by its name without the folder. */
async function named(
  reading: LocationReading,
  name: string,
  readWhole: boolean,
  work: VaultWork,
): Promise<Found> {
  const listed = await listBackups(reading.store, exportKinds);
  const fitting = listed.filter(({ key }) => key === name || key.endsWith(`/${name}`));
  const [only] = fitting;
  if (only === undefined) return { source: null, damaged: [] };
  if (fitting.length > 1)
    throw ambiguous(
      name,
      fitting.map(({ key }) => key),
    );
  const { key, bytes } = only;
  const { content } = readWhole
    ? await verifyBackup(reading, key, work)
    : (await requireManifest(reading.store, key, reading.keyring)).manifest;
  return { source: { key, bytes, snapshotAt: content.snapshotAt }, damaged: [] };
}

const seeWhich = 'See what is stored (npx dr backup list) and give one of these names.';

function noSuchBackup(name: string): DrError {
  return new DrError('input-invalid', {
    happened: `No location lists an export ${JSON.stringify(name.slice(0, 200))}.`,
    meaning: 'There is nothing of that name to rebuild production from; nothing was changed.',
    next: `${seeWhich} SQL dumps are not taken: they are not held against every row.`,
  });
}

function ambiguous(name: string, keys: readonly string[]): DrError {
  return new DrError('input-invalid', {
    happened: `${JSON.stringify(name.slice(0, 200))} can be any of ${keys.join(', ')}.`,
    meaning: 'Nothing was changed.',
    next: seeWhich,
  });
}
