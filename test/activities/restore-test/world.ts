import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSchemaDumper } from '../../../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import {
  createScratchPostgres,
  type ScratchPostgresOptions,
} from '../../../activities/adapters/scratch-postgres/index.ts';
import { locatePostgres, serverAccount } from '../../../activities/adapters/toolbox/index.ts';
import type { Database } from '../../../activities/ports.ts';
import type { BackupSource } from '../../../activities/restore-into/backup-source.ts';
import { createRestoreTestActivities, type RestoreTest } from '../../../activities/restore-test/index.ts';
import { policy } from '../../../worker/policy.ts';
import { temporaryFolderRoot } from '../../sandbox/postgres/index.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';

export const schemas = ['public'] as const;
/** What every restore test of these tests is held to. */
export const expectation = {
  environment: 'production',
  location: 's3',
  schemas,
  invariants: policy.invariants,
  usersTable: 'public.users',
  minimumUsers: 100,
  maxDurationMs: 60_000,
} as const;

/** Opens a database as the worker does. */
export const openDatabase = (connectionString: string): Database =>
  createPostgresDatabase({ connectionString, connectTimeoutMs: 5_000 });

/** A folder that the servers of one test file are made in, which their account can enter. */
export async function newServerFolder() {
  const folderRoot = await mkdtemp(join(await temporaryFolderRoot(), 'restore-test-'));
  await chmod(folderRoot, 0o755);
  return {
    folderRoot,
    /** The folders of the servers that are there. */
    servers: async () => (await readdir(folderRoot)).map((name) => join(folderRoot, name)),
    remove: () => rm(folderRoot, { recursive: true }),
  };
}

/** A server of the test's own, from the toolbox. */
export async function ownServer(folderRoot: string): Promise<ScratchPostgresOptions> {
  const { path: binFolder } = await locatePostgres();
  return { binFolder, account: await serverAccount(), folderRoot };
}

/** Runs one restore test as an activity. */
export async function testRestoreOf(
  source: BackupSource,
  {
    productionUrl,
    server,
    environment = activityEnvironment(),
  }: {
    readonly productionUrl: string;
    readonly server: ScratchPostgresOptions;
    readonly environment?: ReturnType<typeof activityEnvironment>;
  },
): Promise<RestoreTest> {
  const { path: binFolder } = await locatePostgres();
  const { testRestore } = createRestoreTestActivities({
    sourceAt: () => source,
    servers: createScratchPostgres(server),
    openDatabase,
    production: openDatabase(productionUrl),
    productionSchema: createSchemaDumper({ binFolder, connectionString: productionUrl }),
  });
  return await inActivity(environment, () => testRestore(expectation));
}
