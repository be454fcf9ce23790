import type { NewestBackupFacts } from '../../workflows/contracts/readiness-facts.ts';
import type { Keyring } from '../vault/keyring.ts';
import { listBackups } from '../vault/list-backups.ts';
import type { VaultLocation, VaultWork } from '../vault/location.ts';
import { requireManifest } from '../vault/open-backup.ts';
import { verifyContent } from '../vault/verify-backup.ts';
import { answerWithin } from './answer-within.ts';
import { problemOf } from './problem.ts';

/** A backup up to this size is decrypted to its last row, bytes: about a second. The daily validation reads larger ones. */
const readInFullBytes = 32e6;

/** How long one place may take, ms. */
const patienceMs = 15_000;

/** What opening backups needs. */
export interface BackupOpening {
  readonly locations: readonly VaultLocation[];
  readonly keyring: Keyring;
}

/** Opens the newest backup at every place with this worker's key; a place that fails is told in its own facts. */
export function probeNewestBackups(
  { locations, keyring }: BackupOpening,
  work: VaultWork,
): Promise<readonly NewestBackupFacts[]> {
  return Promise.all(locations.map((location) => openNewest(location, keyring, work)));
}

async function openNewest(
  { name: location, store }: VaultLocation,
  keyring: Keyring,
  work: VaultWork,
): Promise<NewestBackupFacts> {
  const unopened = { location, key: null, bytes: 0, snapshotAt: null, opened: null, problem: null } as const;
  let found: Pick<NewestBackupFacts, 'key' | 'bytes'> = unopened;
  try {
    const [newest] = await answerWithin(patienceMs, location, listBackups(store));
    if (newest === undefined) return unopened;
    const { key, bytes } = newest;
    found = { key, bytes };
    const whole = bytes <= readInFullBytes;
    const opening = whole
      ? verifyContent({ store, keyring }, key, work)
      : requireManifest(store, key, keyring).then(({ manifest }) => manifest);
    const { snapshotAt } = (await answerWithin(patienceMs, location, opening)).content;
    return { ...unopened, ...found, snapshotAt, opened: whole ? 'all' : 'manifest' };
  } catch (error) {
    return { ...unopened, ...found, problem: problemOf(error) };
  }
}
