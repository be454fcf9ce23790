import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client } from 'pg';
import { z } from 'zod';
import type { SandboxProduction } from '../sandbox/index.ts';
import type { PolicyPatch } from '../sandbox/policy-patch.ts';
import { temporaryFolderRoot } from '../sandbox/postgres/index.ts';
import { type SandboxStandby, startSandboxStandby } from '../sandbox/standby/index.ts';
import { startProduction, type TestProduction } from './production.ts';

/** A production, and an environment of one's own in which it can be rebuilt. */
export interface StandbyProduction {
  readonly production: TestProduction;
  readonly standby: SandboxStandby;
  stop(): Promise<void>;
}

/** Starts both; what users reach is the standby's front door. What was started is ended when something fails. */
export async function startStandbyProduction(
  options: { readonly policy?: PolicyPatch } = {},
): Promise<StandbyProduction> {
  const serverFolder = await mkdtemp(join(await temporaryFolderRoot(), 'vendhub-standby-'));
  let standby: SandboxStandby | undefined;
  const stopStandby = async () => {
    await standby?.stop();
    await rm(serverFolder, { recursive: true, force: true });
  };
  try {
    const production = await startProduction({
      ...options,
      workerEnvironment: async (sandbox) => {
        standby = await startSandboxStandby({ production: sandbox, serverFolder });
        return standby.environment;
      },
    });
    if (standby === undefined) throw new Error('The standby was not started.');
    const stop = async () => {
      // The standby's folder is one of the sandbox's.
      await standby?.stop();
      await production.stop();
      await rm(serverFolder, { recursive: true, force: true });
    };
    return { production, standby, stop };
  } catch (error) {
    await stopStandby();
    throw error;
  }
}

/** Neither provider answers any more, and the database is gone with its platform. */
export async function loseProviders({ railway, supabase, postgres }: SandboxProduction): Promise<void> {
  await Promise.all([railway.stop(), supabase.stop()]);
  await postgres.stop('immediate');
}

/** Removes what was rebuilt, and directs users elsewhere. */
export async function emptyStandby(standby: SandboxStandby, applicationUrl: string): Promise<void> {
  standby.frontDoor.direct(applicationUrl);
  await execa('sh', ['-c', standby.environment['STANDBY_STOP_COMMAND'] ?? 'false']);
  for (const name of await rebuiltDatabases(standby)) {
    await query(standby, 'postgres', `DROP DATABASE "${name}" WITH (FORCE)`);
  }
}

/** Slow is not down: a busy machine may need seconds for an answer. */
const answerWithinMs = 5_000;

const names = z.array(z.object({ name: z.string() }));
const sales = z.array(z.object({ receipt: z.string(), content: z.string() }));

/** Databases of VendHub that stand on the standby server. */
export async function rebuiltDatabases(standby: SandboxStandby): Promise<string[]> {
  const rows = await query(
    standby,
    'postgres',
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'vendhub%'`,
  );
  return names.parse(rows).map(({ name }) => name);
}

/** Sales of a rebuilt database: the whole row as text, by receipt. */
export async function rebuiltSales(standby: SandboxStandby, database: string): Promise<Map<string, string>> {
  const rows = await query(
    standby,
    database,
    'SELECT receipt::text, sales::text AS content FROM public.sales',
  );
  return new Map(sales.parse(rows).map(({ receipt, content }) => [receipt, content]));
}

/** Status of an application's health address; null where nobody answers. */
export const healthAt = (url: string): Promise<number | null> =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(answerWithinMs) }).then(
    ({ status }) => status,
    () => null,
  );

async function query(
  { environment }: SandboxStandby,
  database: string,
  sql: string,
): Promise<readonly unknown[]> {
  const url = new URL(environment['STANDBY_DATABASE_URL'] ?? '');
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`SET TimeZone = 'UTC'`);
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
