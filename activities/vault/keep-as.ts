import { type BackupKind, backupKey } from './backup-name.ts';
import { copyBackup } from './copy-backup.ts';
import type { VaultReading } from './dependencies.ts';
import type { LocationOutcome, VaultLocation, VaultWork } from './location.ts';
import type { TrustedManifest } from './manifest.ts';
import { readCommand } from './openssl-format.ts';
import { attempt, type Storing, storeEverywhere } from './store-everywhere.ts';

const saturday = 6;

/** As what else the backup of a day is kept: of a Saturday weekly, of the 1st monthly (UTC). */
export function alsoKeptAs(at: string): readonly ('weekly' | 'monthly')[] {
  const day = new Date(at);
  return [
    ...(day.getUTCDay() === saturday ? (['weekly'] as const) : []),
    ...(day.getUTCDate() === 1 ? (['monthly'] as const) : []),
  ];
}

/**
 * Keeps a backup as another kind too, at every location, copied from the same location where that has it.
 *
 * @param source the backup and the locations that have it
 * @throws DrError when it is at no location
 */
export function keepAs(
  deps: VaultReading,
  source: { readonly trusted: TrustedManifest; readonly outcomes: readonly LocationOutcome[] },
  { kind, at, lock }: { readonly kind: BackupKind; readonly at: string; readonly lock: Storing['lock'] },
  work: VaultWork,
): ReturnType<typeof storeEverywhere> {
  const { manifest, key: authenticationKey } = source.trusted;
  const key = backupKey(kind, at);
  const trusted: TrustedManifest = {
    key: authenticationKey,
    manifest: {
      ...manifest,
      key,
      kind,
      copiedFrom: manifest.key,
      writtenAt: new Date().toISOString(),
      readWith: readCommand(key, manifest.encryption.iterations),
    },
  };
  const holds = ({ name }: VaultLocation) =>
    source.outcomes.some((outcome) => outcome.location === name && outcome.stored);
  const [anywhere] = deps.locations.filter(holds);
  const copyWithin = async (to: VaultLocation) => {
    const from = holds(to) ? to : anywhere;
    if (from === undefined) throw new Error('A backup is stored at one location at least.');
    await copyBackup({ store: from.store, key: manifest.key }, { store: to.store, trusted }, work);
  };
  return storeEverywhere(
    deps,
    key,
    {
      make: async (missing) => {
        const attempts = missing.map(
          async (to) => [to, await attempt('copied', () => copyWithin(to))] as const,
        );
        return { trusted, attempts: new Map(await Promise.all(attempts)) };
      },
      copy: (from, to, found) =>
        copyBackup({ store: from.store, key }, { store: to.store, trusted: found }, work),
      lock,
    },
    work,
  );
}
