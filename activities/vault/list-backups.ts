import type { ObjectStore } from '../ports.ts';
import { type BackupKind, backupKinds, exportKinds, manifestKey, readBackupKey } from './backup-name.ts';

/** A backup as a listing shows it: object and manifest are there, neither was read. */
export interface ListedBackup {
  readonly key: string;
  readonly kind: BackupKind;
  /** What it is named after: RFC 3339, UTC; midnight for a day. */
  readonly at: string;
  readonly bytes: number;
  /** When the store got it: RFC 3339, UTC. */
  readonly modifiedAt: string;
}

/**
 * Lists the backups at one location, newest first. An object without a manifest is no backup and is not listed.
 *
 * @param kinds which; every kind of export when not given
 * @throws DrError `store-unavailable` (retried) or `store-refused`
 */
export async function listBackups(
  store: ObjectStore,
  kinds: readonly BackupKind[] = exportKinds,
): Promise<ListedBackup[]> {
  const listed = (await Promise.all(kinds.map((kind) => store.list(`${kind}/`)))).flat();
  const keys = new Set(listed.map(({ key }) => key));
  return listed
    .flatMap(({ key, bytes, modifiedAt }) => {
      const name = readBackupKey(key);
      return name !== undefined && keys.has(manifestKey(key)) ? [{ key, ...name, bytes, modifiedAt }] : [];
    })
    .sort(newestFirst);
}

/** A day's backup is taken as older than every stamped one of the day: which came first is in the manifests only. */
function newestFirst(a: ListedBackup, b: ListedBackup): number {
  return Date.parse(b.at) - Date.parse(a.at) || backupKinds.indexOf(a.kind) - backupKinds.indexOf(b.kind);
}
