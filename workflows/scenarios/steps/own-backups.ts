import { isCancellation } from '@temporalio/workflow';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';

/** An own export that was read to its end just now. */
export interface OwnBackup {
  readonly key: string;
  readonly location: string;
  /** RFC 3339, UTC: the moment that it shows. */
  readonly snapshotAt: string;
}

/** What the locations of own exports told. */
export interface OwnBackupSearch {
  /** The newest of all locations; null when none has one. */
  readonly newest: OwnBackup | null;
  /** Why locations have none, one entry each. */
  readonly without: readonly string[];
}

/** Finds the newest own export that is whole and shows a moment not later than this (RFC 3339), at any location. */
export async function newestOwnBackup(atOrBefore: string): Promise<OwnBackupSearch> {
  const without: string[] = [];
  const found = await Promise.all(
    (await activities.vault.locationNames()).map(async (location): Promise<OwnBackup[]> => {
      try {
        const { backup } = await activities.vault.newestVerifiedBackup({ location, atOrBefore });
        if (backup !== null) return [{ key: backup.key, location, snapshotAt: backup.snapshotAt }];
        without.push(`no backup at ${location}`);
      } catch (error) {
        without.push(
          `${location}: ${isCancellation(error) ? 'not read in time' : explainFailure(error).happened}`,
        );
      }
      return [];
    }),
  );
  const [newest = null] = found.flat().sort((a, b) => Date.parse(b.snapshotAt) - Date.parse(a.snapshotAt));
  return { newest, without };
}
