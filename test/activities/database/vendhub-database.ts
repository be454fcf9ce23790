import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import type { Database } from '../../../activities/ports.ts';
import type { JobQueue, TimestampColumn } from '../../../workflows/contracts/policy.ts';
import { until } from '../../sandbox/postgres/condition.ts';
import { startSandboxPostgres, temporaryFolderRoot } from '../../sandbox/postgres/index.ts';
import { provisionVendHub } from '../../sandbox/vendhub/provision.ts';

export const schemas = ['public'] as const;

export const timestampColumns: readonly TimestampColumn[] = [
  { table: 'public.sales', column: 'created_at' },
  { table: 'public.machines', column: null },
];

export const dispenseJobs: JobQueue = {
  table: 'public.dispense_jobs',
  keyColumn: 'id',
  statusColumn: 'status',
  pendingStatus: 'pending',
  heldStatus: 'held',
};

/** Runs statements on a database, each over one session; gives the rows of the last. */
export function run(database: Database, ...statements: readonly string[]): Promise<readonly unknown[]> {
  return database.session(async (session) => {
    let rows: readonly unknown[] = [];
    for (const statement of statements) rows = (await session.query(statement)).rows;
    return rows;
  });
}

/** VendHub on a cluster of a test file's own. */
export async function startVendHubDatabase() {
  const { path: binFolder } = await locatePostgres();
  const name = `database-test-${process.pid}-${randomBytes(4).toString('hex')}`;
  const folder = join(await temporaryFolderRoot(), name);
  const cluster = await startSandboxPostgres({ folder, binFolder });
  try {
    const { operatorUrl, applicationUrl } = await provisionVendHub({
      superuserUrl: cluster.connectionString(cluster.superuser, 'postgres'),
      operatorPassword: 'operator-password',
      applicationPassword: 'first-password',
    });
    const superuserUrl = cluster.connectionString(cluster.superuser, 'vendhub');
    return {
      cluster,
      superuserUrl,
      operatorUrl,
      applicationUrl,
      operator: createPostgresDatabase({ connectionString: operatorUrl }),
      application: createPostgresDatabase({ connectionString: applicationUrl, applicationName: 'vendhub' }),
      superuser: createPostgresDatabase({ connectionString: superuserUrl, applicationName: 'superuser' }),
      /** A second that everything committed so far belongs to, and nothing that is committed from now on. */
      async closedSecond(): Promise<number> {
        const unix = Math.ceil(Date.now() / 1000);
        await until(`second ${unix} has passed`, 60_000, () => Date.now() > unix * 1000 + 1 || undefined);
        return unix;
      },
    };
  } catch (error) {
    await cluster.dispose();
    throw error;
  }
}

/** What {@link startVendHubDatabase} gives. */
export type VendHubDatabase = Awaited<ReturnType<typeof startVendHubDatabase>>;
