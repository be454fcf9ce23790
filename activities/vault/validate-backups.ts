import { checkAt, checkNames } from '../../workflows/contracts/check-names.ts';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { checkHistory } from './check-history.ts';
import type { VaultReading } from './dependencies.ts';
import { type ListedBackup, listBackups } from './list-backups.ts';
import { describeFailure, type VaultLocation, type VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { checkSize } from './size-check.ts';
import { verifyBackup, verifyContent } from './verify-backup.ts';

/** What is expected of our own backups. */
export interface ValidationPolicy {
  /** How old the moment that the newest one shows may be, in ms. */
  readonly freshWithinMs: number;
  /** The newest one may be this many times larger or smaller than the median of those before it. */
  readonly sizeFactor: number;
  /** How many before it are looked at for the median. */
  readonly sizeHistory: number;
  /** In bytes, where a location tells. */
  readonly minFreeBytes: number;
  /** Of how far back each day must have a backup of ours, in ms. */
  readonly historyMs: number;
}

/** The newest backup of one location. */
interface Looked {
  readonly location: VaultLocation;
  readonly listed: readonly ListedBackup[];
  readonly manifest: BackupManifest | undefined;
  readonly problem: string | undefined;
}

/**
 * Checks our own backups at every location: present, checksum right, decryptable (at the first), fresh, of reasonable
 * size, one for each day of the history, equal at the other locations, and room for the next. All of the newest is read.
 *
 * @param input.now RFC 3339
 * @returns every check; a failed one, and a location that does not answer, never throws
 */
export async function validateBackups(
  deps: VaultReading,
  { now, policy }: { readonly now: string; readonly policy: ValidationPolicy },
  work: VaultWork,
): Promise<readonly OperationCheck[]> {
  const looked: Looked[] = [];
  for (const [index, location] of deps.locations.entries()) {
    looked.push(await look(location, deps, index === 0, work));
    work.signal.throwIfAborted();
  }
  const [first, ...others] = looked;
  if (first === undefined) {
    return [{ name: checkNames.ownPresent, passed: false, found: 'no location', expected: 'one at least' }];
  }
  return [
    ...looked.map(checkPresent),
    ...looked.map((one) => checkWhole(one, one === first)),
    checkFresh(first, now, policy),
    checkSize(first.listed, policy),
    ...(await checkHistory(looked, { keyring: deps.keyring, now, historyMs: policy.historyMs }, work)),
    ...checkCopies(first, others),
    ...(await checkSpace(looked, policy)),
  ];
}

async function look(
  location: VaultLocation,
  { keyring }: VaultReading,
  withContent: boolean,
  work: VaultWork,
): Promise<Looked> {
  let listed: readonly ListedBackup[] = [];
  try {
    listed = await listBackups(location.store);
    const [newest] = listed;
    const verify = withContent ? verifyContent : verifyBackup;
    const manifest = newest && (await verify({ store: location.store, keyring }, newest.key, work));
    return { location, listed, manifest, problem: undefined };
  } catch (error) {
    return { location, listed, manifest: undefined, problem: describeFailure(error).message };
  }
}

function checkPresent({ location, listed, problem }: Looked): OperationCheck {
  const [newest] = listed;
  return {
    name: checkAt(checkNames.ownPresent, location.name),
    passed: newest !== undefined,
    found: newest?.key ?? problem ?? 'none',
    expected: 'a backup with its manifest',
  };
}

function checkWhole({ location, manifest, problem }: Looked, withContent: boolean): OperationCheck {
  return {
    name: checkAt(withContent ? checkNames.ownDecryptable : checkNames.ownChecksum, location.name),
    passed: manifest !== undefined,
    found: manifest === undefined ? (problem ?? 'no backup') : manifest.key,
    expected: `SHA-256 and HMAC of the manifest${withContent ? ', and rows as it tells' : ''}`,
  };
}

function checkFresh({ manifest }: Looked, now: string, policy: ValidationPolicy): OperationCheck {
  const snapshotAt = manifest?.content.snapshotAt;
  const age = snapshotAt === undefined ? undefined : Date.parse(now) - Date.parse(snapshotAt);
  return {
    name: checkNames.ownFresh,
    passed: age !== undefined && age <= policy.freshWithinMs,
    found: age === undefined ? 'unknown' : `${minutes(age)} old (shows ${snapshotAt})`,
    expected: `at most ${minutes(policy.freshWithinMs)} old`,
    ...(age === undefined ? {} : { measured: Math.max(0, age) }),
  };
}

function checkCopies(first: Looked, others: readonly Looked[]): readonly OperationCheck[] {
  if (others.length === 0) {
    return [
      { name: checkNames.secondCopy, passed: false, found: 'one location only', expected: 'two at least' },
    ];
  }
  const expected = first.manifest?.object.sha256;
  return others.map(({ location, manifest }) => ({
    name: checkAt(checkNames.secondCopy, location.name),
    passed:
      expected !== undefined && manifest?.object.sha256 === expected && manifest.key === first.manifest?.key,
    found: manifest === undefined ? 'none' : `${manifest.key} ${manifest.object.sha256}`,
    expected: first.manifest === undefined ? 'unknown' : `${first.manifest.key} ${expected}`,
  }));
}

async function checkSpace(
  looked: readonly Looked[],
  policy: ValidationPolicy,
): Promise<readonly OperationCheck[]> {
  const checks: OperationCheck[] = [];
  for (const { location, listed } of looked) {
    if (location.freeBytes === undefined) continue;
    // Room for a day's backup and its weekly and monthly copies.
    const needed = Math.max(policy.minFreeBytes, 3 * (listed[0]?.bytes ?? 0));
    const free = await location.freeBytes().catch(() => undefined);
    checks.push({
      name: checkAt(checkNames.freeSpace, location.name),
      passed: free !== undefined && free >= needed,
      found: free === undefined ? 'unknown' : `${free} bytes`,
      expected: `at least ${needed} bytes`,
    });
  }
  return checks;
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
