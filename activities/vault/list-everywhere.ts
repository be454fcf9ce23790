import type { BackupListing, StoredBackupEntry, StoredCopy } from '../../workflows/contracts/backups.ts';
import { backupKinds } from './backup-name.ts';
import type { VaultReading } from './dependencies.ts';
import type { Keyring } from './keyring.ts';
import { type ListedBackup, listBackups } from './list-backups.ts';
import { describeFailure, type VaultLocation, type VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { requireManifest } from './open-backup.ts';
import { untrustworthy } from './untrustworthy.ts';

/** One backup with the locations that list it. */
interface Everywhere extends ListedBackup {
  readonly copies: readonly { readonly location: VaultLocation; readonly bytes: number }[];
}

/**
 * Lists the newest backups of every location together. Of each copy the manifest must be authentic and the size as it says;
 * the objects themselves were read back when they were written and are not read here.
 *
 * @param input.limit how many
 * @returns newest first; a location that does not answer is told among the failures
 */
export async function listEverywhere(
  { locations, keyring }: VaultReading,
  { limit }: { readonly limit: number },
  work: VaultWork,
): Promise<Pick<BackupListing, 'backups' | 'older' | 'failures'>> {
  const failures: { location: string; why: string }[] = [];
  const found = new Map<string, Everywhere>();
  for (const location of locations) {
    work.progress(`listing ${location.name}`, 0);
    try {
      for (const listed of await listBackups(location.store, backupKinds)) {
        const copies = found.get(listed.key)?.copies ?? [];
        found.set(listed.key, { ...listed, copies: [...copies, { location, bytes: listed.bytes }] });
      }
    } catch (error) {
      failures.push({ location: location.name, why: describeFailure(error).message });
    }
    work.signal.throwIfAborted();
  }
  const newestFirst = [...found.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const backups: StoredBackupEntry[] = [];
  for (const one of newestFirst.slice(0, limit)) {
    work.signal.throwIfAborted();
    work.progress(`looking at ${one.key}`, 0);
    backups.push(await describeBackup(one, keyring));
  }
  return { backups, older: newestFirst.length - backups.length, failures };
}

async function describeBackup(
  { key, kind, at, bytes, copies }: Everywhere,
  keyring: Keyring,
): Promise<StoredBackupEntry> {
  const looked = await Promise.all(copies.map((copy) => lookAt(key, copy, keyring)));
  const manifest = looked.find((one) => one.manifest !== undefined)?.manifest;
  return {
    key,
    tier: kind,
    format: kind === 'sql' ? 'sql' : 'json',
    at: manifest?.content.snapshotAt ?? at,
    bytes: manifest?.object.bytes ?? bytes,
    rows: manifest?.content.tables.reduce((sum, table) => sum + table.rows, 0) ?? null,
    copies: looked.map(({ copy }) => copy),
  };
}

async function lookAt(
  key: string,
  { location: { name: location, store }, bytes }: Everywhere['copies'][number],
  keyring: Keyring,
): Promise<{ readonly copy: StoredCopy; readonly manifest?: BackupManifest }> {
  try {
    const { manifest } = await requireManifest(store, key, keyring);
    if (manifest.object.bytes !== bytes) {
      throw untrustworthy(`The backup "${key}"`, `has ${bytes} bytes instead of ${manifest.object.bytes}`);
    }
    return { copy: { location, verified: true }, manifest };
  } catch (error) {
    return { copy: { location, verified: false, why: describeFailure(error).message } };
  }
}
