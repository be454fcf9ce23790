import type { BackupTier, OperationCheck, OperationInput } from './operations.ts';

/** Workflow type that lists what is stored; reads only. */
export const listBackupsWorkflow = 'listBackups';

/** What a backup is: an export of rows with their schema, or what `pg_dump` writes. */
export type BackupFormat = 'json' | 'sql';

/** Input of {@link listBackupsWorkflow}. */
export interface ListBackupsInput {
  readonly environment: string;
  /** How many of the newest. */
  readonly limit: number;
}

/** How one location stands with a backup. */
export type StoredCopy =
  /** Its manifest is authentic and its size right; it was read back whole when it was written. */
  | { readonly location: string; readonly verified: true }
  | { readonly location: string; readonly verified: false; readonly why: string };

/** One stored backup. Times RFC 3339, UTC. */
export interface StoredBackupEntry {
  /** Its name: the key under every location. */
  readonly key: string;
  readonly tier: BackupTier | 'weekly' | 'monthly';
  readonly format: BackupFormat;
  /** The moment that it shows; of its name where no manifest can be read. */
  readonly at: string;
  readonly bytes: number;
  readonly rows: number | null;
  readonly copies: readonly StoredCopy[];
}

/** What is stored, newest first. */
export interface BackupListing {
  readonly environment: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly backups: readonly StoredBackupEntry[];
  /** How many there are besides. */
  readonly older: number;
  /** Locations that could not be listed. */
  readonly failures: readonly { readonly location: string; readonly why: string }[];
}

/** Which backup is meant: one by its name, or the newest that is whole. */
export type BackupRequest =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'newest'; readonly format: BackupFormat };

/** A database to restore into, by reference: never a connection string. */
export interface RestoreTarget {
  /** Name of a variable of the worker's configuration that holds a connection string. */
  readonly variable: string;
  /** A database of that server, made when it is not there; null for the one that the variable names. */
  readonly database: string | null;
}

/** Input of the operation `restore-backup`. */
export interface RestoreBackupInput extends OperationInput {
  readonly backup: BackupRequest;
  readonly target: RestoreTarget;
}

/** A backup that was restored into a database. Holds no secret and no row. */
export interface RestoredInto {
  readonly backupKey: string;
  /** The location that it came from. */
  readonly location: string;
  /** RFC 3339, UTC: the moment that it shows. */
  readonly snapshotAt: string;
  readonly rows: number;
  readonly database: string;
  readonly created: boolean;
  /** From fetching the backup until the database could be used, ms. */
  readonly restoreMs: number;
  readonly checks: readonly OperationCheck[];
}
