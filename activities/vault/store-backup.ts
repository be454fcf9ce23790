import { type BackupKind, backupKey } from './backup-name.ts';
import { cleanLeftovers, type LeftoversRemoved } from './clean-leftovers.ts';
import { copyBackup } from './copy-backup.ts';
import type { VaultWriting } from './dependencies.ts';
import { exportBackup } from './export-backup.ts';
import { alsoKeptAs, keepAs } from './keep-as.ts';
import type { LocationOutcome, VaultLocation, VaultWork } from './location.ts';
import { type BackupLocking, lockBackup } from './lock-backup.ts';
import { storeEverywhere } from './store-everywhere.ts';

/** Which backup to make. */
export interface StoreBackupInput {
  readonly kind: BackupKind;
  /** RFC 3339 with an offset: the moment that it is for, and is named after. */
  readonly at: string;
  readonly schemas: readonly string[];
  /** What broke off longer ago than this is removed, in ms; longer than any backup takes. */
  readonly leftoversOlderThanMs: number;
  /** Not locked anywhere when not given. */
  readonly locking?: BackupLocking;
}

/** One backup and where it lies. */
export interface StoredBackup {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the export, before compression. */
  readonly exportBytes: number;
  /** RFC 3339, UTC, µs. */
  readonly snapshotAt: string;
  readonly lsn: string;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  /** One per location: some may have failed. */
  readonly locations: readonly LocationOutcome[];
}

/** See {@link storeBackup}. */
export interface StoreBackupResult {
  readonly backup: StoredBackup;
  /** The weekly and monthly copies that this day's backup is kept as. */
  readonly copies: readonly StoredBackup[];
  readonly leftovers: readonly LeftoversRemoved[];
}

/**
 * Makes one backup at every location: exports, compresses, encrypts, writes, reads back, and writes the manifest last.
 * A daily one of a Saturday is kept as weekly too, and one of the 1st as monthly. Safe to repeat: what is there and
 * whole is not made again, and a location that lacks it gets a copy of another's.
 *
 * @returns where it lies; a location that failed is told there, and repeating mends it
 * @throws DrError only when it is at no location: what the export or the first location threw
 */
export async function storeBackup(
  deps: VaultWriting,
  input: StoreBackupInput,
  work: VaultWork,
): Promise<StoreBackupResult> {
  const key = backupKey(input.kind, input.at);
  const made = await storeEverywhere(
    deps,
    key,
    {
      make: (locations) => exportBackup(deps, { ...input, key, locations }, work),
      copy: (from, to, trusted) => copyBackup({ store: from.store, key }, { store: to.store, trusted }, work),
      lock: lockingOf(input, input.kind),
    },
    work,
  );
  const copies: StoredBackup[] = [];
  for (const kind of input.kind === 'daily' ? alsoKeptAs(input.at) : []) {
    const lock = lockingOf(input, kind);
    copies.push(describe(await keepAs(deps, made, { kind, at: input.at, lock }, work)));
  }
  const before = new Date(Date.now() - input.leftoversOlderThanMs);
  const leftovers = await Promise.all(deps.locations.map((location) => cleanLeftovers(location, before)));
  return { backup: describe(made), copies, leftovers };
}

function lockingOf({ at, locking }: StoreBackupInput, kind: BackupKind) {
  return async (location: VaultLocation) =>
    locking === undefined ? null : lockBackup(location, { key: backupKey(kind, at), kind, at }, locking);
}

function describe({ trusted, outcomes }: Awaited<ReturnType<typeof storeEverywhere>>): StoredBackup {
  const { key, object, content } = trusted.manifest;
  return {
    key,
    bytes: object.bytes,
    sha256: object.sha256,
    exportBytes: content.bytes,
    snapshotAt: content.snapshotAt,
    lsn: content.lsn,
    tables: content.tables.map(({ schema, name, rows }) => ({ table: `${schema}.${name}`, rows })),
    locations: outcomes,
  };
}
