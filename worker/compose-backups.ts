import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { createFolderStore } from '../activities/adapters/folder-store/index.ts';
import { createPostgresPrograms, createSchemaDumper } from '../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase, type OperatorDatabase } from '../activities/adapters/postgres/index.ts';
import { createS3ObjectStore, type S3ObjectStore } from '../activities/adapters/s3/index.ts';
import { createScratchPostgres } from '../activities/adapters/scratch-postgres/index.ts';
import { locatePostgres, serverAccount } from '../activities/adapters/toolbox/index.ts';
import { createCleanPointActivities } from '../activities/clean-point/index.ts';
import type { PostgresPrograms, SchemaDumper, ScratchServers } from '../activities/ports.ts';
import { createRestoreIntoActivities } from '../activities/restore-into/index.ts';
import { createRestoreTestActivities, vaultBackupSource } from '../activities/restore-test/index.ts';
import {
  createUploadsActivities,
  type PlaceReference,
  type SyncDependencies,
} from '../activities/uploads/index.ts';
import { createVaultActivities } from '../activities/vault/index.ts';
import { createKeyring, type Keyring } from '../activities/vault/keyring.ts';
import { requireLocation, type VaultLocation } from '../activities/vault/location.ts';
import { passphraseFrom } from '../activities/vault/passphrase.ts';
import type { ConfigurationSource } from '../activities/vault/store-configuration.ts';
import type { Configuration } from './configuration.ts';
import { composeUploads, type StoreSettings } from './local/uploads.ts';

/** Name and version that manifests carry. */
const tool = { name: 'vendhub-disaster-recovery', version: '0.1.0' } as const;

/** The keys of all that is encrypted; the passphrase is asked for at the first use. */
export function backupKeyring({
  BACKUP_PASSPHRASE,
  BACKUP_PASSPHRASE_FILE,
}: {
  readonly BACKUP_PASSPHRASE?: string | undefined;
  readonly BACKUP_PASSPHRASE_FILE?: string | undefined;
}): Keyring {
  return createKeyring({
    passphrase: passphraseFrom({
      ...(BACKUP_PASSPHRASE === undefined ? {} : { BACKUP_PASSPHRASE }),
      ...(BACKUP_PASSPHRASE_FILE === undefined ? {} : { BACKUP_PASSPHRASE_FILE }),
    }),
  });
}

/**
 * Puts the adapters under what keeps and proves backups. What a first use needs, such as PostgreSQL's own programs, is
 * looked for at the first use, so that a recovery's worker starts without it.
 *
 * @param parts.store the object store off this machine
 * @param parts.exchangedIn which variables hold a secret that was exchanged
 */
export function composeBackups(
  configuration: Configuration,
  parts: {
    readonly database: OperatorDatabase;
    readonly store: S3ObjectStore;
    readonly keyring: Keyring;
    readonly exchangedIn: ConfigurationSource['exchangedIn'];
  },
) {
  const root = resolve(configuration.BACKUP_FOLDER);
  const folder = createFolderStore({ root });
  const second = secondStore(configuration);
  const locations: VaultLocation[] = [
    { name: 'local', store: folder, freeBytes: () => folder.freeBytes() },
    { name: 's3', store: parts.store, protection: () => parts.store.protection() },
    ...(second === null ? [] : [{ name: 's3-second', store: second, protection: () => second.protection() }]),
  ];
  const { keyring } = parts;
  const configurationPath = resolve(configuration.APPLICATION_CONFIGURATION_FILE);
  return {
    locations,
    activities: {
      ...createVaultActivities({
        locations,
        keyring,
        database: parts.database,
        schemaDumper: schemaDumper(parts.database),
        sql: { programs: dumping(parts.database), connectionString: configuration.DATABASE_URL },
        tool,
        configurationPath,
        exchangedIn: parts.exchangedIn,
      }),
      ...createUploadsActivities(uploadsBelow(root, configuration)),
      ...createRestoreTestActivities({
        sourceAt: (location) =>
          vaultBackupSource({ store: requireLocation(locations, location).store, keyring }),
        servers: scratchServers(configuration),
        openDatabase: (connectionString) => createPostgresDatabase({ connectionString }),
        production: parts.database,
        productionSchema: schemaDumper(parts.database),
      }),
      ...createCleanPointActivities({
        locations,
        keyring,
        servers: scratchServers(configuration),
        openDatabase: (connectionString) => createPostgresDatabase({ connectionString }),
      }),
      ...createRestoreIntoActivities({
        locations,
        keyring,
        programs: postgresPrograms,
        openDatabase: (connectionString) => createPostgresDatabase({ connectionString }),
        production: { database: parts.database, connectionString: configuration.DATABASE_URL },
        targets: {
          RESTORE_DATABASE_URL: configuration.RESTORE_DATABASE_URL,
          STANDBY_DATABASE_URL: configuration.STANDBY_DATABASE_URL,
        },
      }),
    },
    close: () => second?.close(),
  };
}

function secondSettings(configuration: Configuration): StoreSettings | null {
  const { S3_SECOND_ENDPOINT: endpoint } = configuration;
  if (endpoint === undefined) return null;
  return {
    endpoint,
    region: configuration.S3_SECOND_REGION,
    accessKeyId: configuration.S3_SECOND_ACCESS_KEY_ID ?? '',
    secretAccessKey: configuration.S3_SECOND_SECRET_ACCESS_KEY ?? '',
  };
}

function secondStore(configuration: Configuration): S3ObjectStore | null {
  const settings = secondSettings(configuration);
  const { S3_SECOND_BUCKET: bucket } = configuration;
  return settings === null || bucket === undefined ? null : createS3ObjectStore({ ...settings, bucket });
}

/** The policy's folders lie below the root of the backups. */
function uploadsBelow(root: string, configuration: Configuration): SyncDependencies {
  const uploads = composeUploads({
    stores: uploadStores(configuration),
    stateFolder: resolve(root, '.sync'),
  });
  const below = (place: PlaceReference): PlaceReference =>
    place.kind === 'folder' ? { ...place, folder: resolve(root, place.folder) } : place;
  return {
    open: (place) => uploads.open(below(place)),
    check: (place, side, signal) => uploads.check(below(place), side, signal),
    openState: (holder) => uploads.openState(below(holder)),
  };
}

function uploadStores(configuration: Configuration): Record<string, StoreSettings> {
  const { SUPABASE_STORAGE_S3_ENDPOINT: supabase } = configuration;
  const second = secondSettings(configuration);
  return {
    primary: {
      endpoint: configuration.S3_ENDPOINT,
      region: configuration.S3_REGION,
      accessKeyId: configuration.S3_ACCESS_KEY_ID,
      secretAccessKey: configuration.S3_SECRET_ACCESS_KEY,
    },
    ...(second === null ? {} : { second }),
    ...(supabase === undefined
      ? {}
      : {
          supabase: {
            endpoint: supabase,
            region: configuration.SUPABASE_STORAGE_S3_REGION,
            accessKeyId: configuration.SUPABASE_STORAGE_S3_ACCESS_KEY_ID ?? '',
            secretAccessKey: configuration.SUPABASE_STORAGE_S3_SECRET_ACCESS_KEY ?? '',
          },
        }),
  };
}

function scratchServers({ RESTORE_TEST_DATABASE_URL }: Configuration): ScratchServers {
  return {
    open: async () => {
      if (RESTORE_TEST_DATABASE_URL !== undefined) {
        return createScratchPostgres({ connectionString: RESTORE_TEST_DATABASE_URL }).open();
      }
      const [{ path: binFolder }, account] = await Promise.all([locatePostgres(), serverAccount()]);
      return createScratchPostgres({ binFolder, account, folderRoot: tmpdir() }).open();
    },
  };
}

/** Looked for at the first use. */
const postgresPrograms: Pick<PostgresPrograms, 'dumpSql' | 'runSql'> = {
  dumpSql: async (dump) => createPostgresPrograms({ binFolder: (await locatePostgres()).path }).dumpSql(dump),
  runSql: async (run) => createPostgresPrograms({ binFolder: (await locatePostgres()).path }).runSql(run),
};

/** Production's password may have been exchanged since the worker was configured: the accepted one counts. */
function dumping(production: OperatorDatabase): Pick<PostgresPrograms, 'dumpSql'> {
  return {
    dumpSql: async (dump) =>
      postgresPrograms.dumpSql({ ...dump, connectionString: await production.acceptedConnectionString() }),
  };
}

function schemaDumper(production: OperatorDatabase): SchemaDumper {
  return {
    dump: async (input) => {
      const { path: binFolder } = await locatePostgres();
      const connectionString = await production.acceptedConnectionString();
      return createSchemaDumper({ binFolder, connectionString }).dump(input);
    },
  };
}
