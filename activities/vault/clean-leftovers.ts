import { backupKinds, manifestKey, readBackupKey } from './backup-name.ts';
import { describeFailure, type LocationFailure, type VaultLocation } from './location.ts';

/** What runs that broke off left at one location, and was removed. */
export interface LeftoversRemoved {
  readonly location: string;
  /** Objects without a manifest: never a backup. */
  readonly objects: readonly string[];
  /** Files and uploads that nobody ended. */
  readonly unfinished: number;
  readonly failure: LocationFailure | null;
}

/**
 * Removes what runs that broke off have left. Only objects that have the name of a backup are looked at.
 *
 * @param before nothing younger is touched: it may be a run under way
 * @returns what was removed; does not throw
 */
export async function cleanLeftovers(
  { name, store }: VaultLocation,
  before: Date,
): Promise<LeftoversRemoved> {
  const objects: string[] = [];
  let unfinished = 0;
  try {
    for (const kind of backupKinds) {
      const listed = await store.list(`${kind}/`);
      const keys = new Set(listed.map(({ key }) => key));
      for (const { key, modifiedAt } of listed) {
        const orphan = readBackupKey(key) !== undefined && !keys.has(manifestKey(key));
        if (!orphan || Date.parse(modifiedAt) >= before.getTime()) continue;
        // A manifest may have been written since the listing.
        if ((await store.getText(manifestKey(key))) !== undefined) continue;
        await store.remove(key);
        objects.push(key);
      }
      unfinished += await store.removeUnfinished(`${kind}/`, before);
    }
    return { location: name, objects, unfinished, failure: null };
  } catch (error) {
    return { location: name, objects, unfinished, failure: describeFailure(error) };
  }
}
