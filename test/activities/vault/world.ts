import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import {
  createPostgresPrograms,
  createSchemaDumper,
} from '../../../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import type { VaultWriting } from '../../../activities/vault/dependencies.ts';
import { createKeyring } from '../../../activities/vault/keyring.ts';
import type { VaultLocation, VaultWork } from '../../../activities/vault/location.ts';

export const passphrase = 'a passphrase, of "tests" & more';
/** Few, so that hundreds of keys can be made in a test. */
export const iterations = 1_000;

/** A keyring of a process of its own. */
export const keyringOf = (text = passphrase) => createKeyring({ passphrase: async () => text, iterations });

/** Work that nobody stops. */
export const work: VaultWork = { signal: new AbortController().signal, progress: () => undefined };

/** A vault over a database and some locations. */
export function vaultOver(connectionString: string, locations: readonly VaultLocation[]): VaultWriting {
  return {
    database: createPostgresDatabase({ connectionString }),
    schemaDumper: {
      dump: async (input) => {
        const { path: binFolder } = await locatePostgres();
        return createSchemaDumper({ binFolder, connectionString }).dump(input);
      },
    },
    sql: {
      connectionString,
      programs: {
        dumpSql: async (input) => {
          const { path: binFolder } = await locatePostgres();
          return createPostgresPrograms({ binFolder }).dumpSql(input);
        },
      },
    },
    locations,
    keyring: keyringOf(),
    tool: { name: 'vendhub-disaster-recovery', version: 'test' },
  };
}

/** A location in a new folder. */
export async function newFolderLocation(name = 'local') {
  const root = await mkdtemp(join(tmpdir(), 'dr-vault-test-'));
  const store = createFolderStore({ root });
  return {
    location: { name, store, freeBytes: () => store.freeBytes() },
    store,
    root,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
