import type { Database, ObjectStore } from '../../ports.ts';
import type { Keyring } from '../../vault/keyring.ts';
import type { ApplicationDependencies } from '../dependencies.ts';

/** What the activities of a crash need of the outside world. */
export interface CrashDependencies extends ApplicationDependencies {
  /** Logs in as the application does, to tell its fault from the database's. */
  readonly database: Pick<Database, 'tryLogin'>;
  /** Keeps the variables while a rollback replaces them. */
  readonly store: Pick<ObjectStore, 'putText' | 'getText'>;
  /** Seals the variables that are kept, with the passphrase of the backups. */
  readonly keyring: Keyring;
}
