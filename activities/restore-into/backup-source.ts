import type { Readable } from 'node:stream';
import type { VaultWork } from '../vault/location.ts';

/** A table as the manifest of a backup describes it. */
export interface BackedUpTable {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  /** SHA-256 over the table's row lines in the export. */
  readonly fingerprint: string;
}

/** A stored backup that was found authentic. */
export interface OpenedBackup {
  /** The object's key. */
  readonly key: string;
  /** RFC 3339, UTC: the moment that it shows. */
  readonly snapshotAt: string;
  readonly tables: readonly BackedUpTable[];
  /** The decrypted export, proved authentic before its first byte. To be read to its end or destroyed. */
  readonly body: Readable;
  /** Newer ones that cannot be used, and why. */
  readonly passedOver: readonly { readonly key: string; readonly reason: string }[];
}

/** Where backups are restored from. */
export interface BackupSource {
  /**
   * Opens the newest backup that is whole, from where it is stored.
   *
   * @throws DrError `backup-invalid` where there is none that can be used, also for a wrong passphrase;
   *   `store-unavailable` (retried), `store-refused`, `verification-failed`
   */
  openNewest(work: VaultWork): Promise<OpenedBackup>;
}
