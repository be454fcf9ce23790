import { type BackupKind, exportKinds } from './backup-name.ts';
import { type ListedBackup, listBackups } from './list-backups.ts';
import { describeFailure, type LocationFailure, type VaultWork } from './location.ts';
import { requireManifest } from './open-backup.ts';
import type { LocationReading } from './verify-backup.ts';
import { verifyObject } from './verify-object.ts';

/** See {@link newestVerified}. */
export interface NewestVerified {
  /** Null when there is none; `snapshotAt` is the moment that it shows: RFC 3339, UTC, µs. */
  readonly backup: (ListedBackup & { readonly snapshotAt: string }) | null;
  /** Newer ones that cannot be used, and why. */
  readonly passedOver: readonly { readonly key: string; readonly failure: LocationFailure }[];
}

/**
 * Finds the newest backup at a location that is whole, reading each until one is.
 *
 * @param only.atOrBefore only backups that show a moment not later than this (RFC 3339)
 * @param only.kinds every kind of export when not given
 * @throws DrError `store-unavailable` (retried) or `store-refused` when the location cannot be listed
 */
export async function newestVerified(
  reading: LocationReading,
  work: VaultWork,
  {
    atOrBefore,
    kinds = exportKinds,
  }: { readonly atOrBefore?: string | undefined; readonly kinds?: readonly BackupKind[] } = {},
): Promise<NewestVerified> {
  const latest = atOrBefore === undefined ? Number.POSITIVE_INFINITY : Date.parse(atOrBefore);
  const passedOver: { key: string; failure: LocationFailure }[] = [];
  for (const backup of await listBackups(reading.store, kinds)) {
    try {
      const trusted = await requireManifest(reading.store, backup.key, reading.keyring);
      const { snapshotAt } = trusted.manifest.content;
      if (Date.parse(snapshotAt) > latest) continue;
      await verifyObject(reading.store, trusted, work);
      return { backup: { ...backup, snapshotAt }, passedOver };
    } catch (error) {
      work.signal.throwIfAborted();
      passedOver.push({ key: backup.key, failure: describeFailure(error) });
    }
  }
  return { backup: null, passedOver };
}
