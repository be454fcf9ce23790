import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { createFolderStore } from '../activities/adapters/folder-store/index.ts';
import { createPostgresDatabase } from '../activities/adapters/postgres/index.ts';
import { createS3ObjectStore, type S3ObjectStore } from '../activities/adapters/s3/index.ts';
import { createSchemaDumper, createScratchPostgres } from '../activities/adapters/scratch-postgres/index.ts';
import { locatePostgres, serverAccount } from '../activities/adapters/toolbox/index.ts';
import type { Database, ErasableObjectStore, SchemaDumper, ScratchServers } from '../activities/ports.ts';
import { createRestoreTestActivities, vaultBackupSource } from '../activities/restore-test/index.ts';
import {
  createUploadsActivities,
  type PlaceReference,
  type SyncDependencies,
} from '../activities/uploads/index.ts';
import { createVaultActivities } from '../activities/vault/index.ts';
import { createKeyring } from '../activities/vault/keyring.ts';
import type { VaultLocation } from '../activities/vault/location.ts';
import { passphraseFrom } from '../activities/vault/passphrase.ts';
import type { Configuration } from './configuration.ts';
import { composeUploads, type StoreSettings } from './local/uploads.ts';

/** Name and version that manifests carry. */
const tool = { name: 'vendhub-disaster-recovery', version: '0.1.0' } as const;

/**
 * Puts the adapters under what keeps and proves backups. What a first use needs, such as PostgreSQL's own programs, is
 * looked for at the first use, so that a recovery's worker starts without it.
 *
 * @param parts.store the object store off this machine
 */
export function composeBackups(
  configuration: Configuration,
  parts: { readonly database: Database; readonly store: ErasableObjectStore },
) {
  const root = resolve(configuration.BACKUP_FOLDER);
  const folder = createFolderStore({ root });
  const second = secondStore(configuration);
  const locations: VaultLocation[] = [
    { name: 'local', store: folder, freeBytes: () => folder.freeBytes() },
    { name: 's3', store: parts.store },
    ...(second === null ? [] : [{ name: 's3-second', store: second }]),
  ];
  const { BACKUP_PASSPHRASE, BACKUP_PASSPHRASE_FILE } = configuration;
  const keyring = createKeyring({
    passphrase: passphraseFrom({
      ...(BACKUP_PASSPHRASE === undefined ? {} : { BACKUP_PASSPHRASE }),
      ...(BACKUP_PASSPHRASE_FILE === undefined ? {} : { BACKUP_PASSPHRASE_FILE }),
    }),
  });
  const configurationPath = resolve(configuration.APPLICATION_CONFIGURATION_FILE);
  return {
    activities: {
      ...createVaultActivities({
        locations,
        keyring,
        database: parts.database,
        schemaDumper: schemaDumper(configuration),
        tool,
        configurationPath,
      }),
      ...createUploadsActivities(uploadsBelow(root, configuration)),
      ...createRestoreTestActivities({
        // Off-site, since that is what complete failure would leave.
        source: vaultBackupSource({ store: parts.store, keyring }),
        servers: scratchServers(configuration),
        openDatabase: (connectionString) => createPostgresDatabase({ connectionString }),
        production: parts.database,
        productionSchema: schemaDumper(configuration),
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

function schemaDumper({ DATABASE_URL: connectionString }: Configuration): SchemaDumper {
  return {
    dump: async (input) => {
      const { path: binFolder } = await locatePostgres();
      return createSchemaDumper({ binFolder, connectionString }).dump(input);
    },
  };
}
