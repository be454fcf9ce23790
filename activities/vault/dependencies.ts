import type { Database, PostgresPrograms, SchemaDumper } from '../ports.ts';
import type { Keyring } from './keyring.ts';
import type { VaultLocation } from './location.ts';

/** What reading a vault needs. */
export interface VaultReading {
  /** Where each backup is stored; the first is read from where one suffices. */
  readonly locations: readonly VaultLocation[];
  readonly keyring: Keyring;
}

/** What writing into a vault needs. */
export interface VaultWriting extends VaultReading {
  readonly database: Database;
  /** Writes the schema down with the rows, as of the same moment. */
  readonly schemaDumper: SchemaDumper;
  /** Dumps the same database as SQL; the connection string is a secret. */
  readonly sql: { readonly programs: Pick<PostgresPrograms, 'dumpSql'>; readonly connectionString: string };
  /** Name and version of this program, for the manifests. */
  readonly tool: { readonly name: string; readonly version: string };
}
