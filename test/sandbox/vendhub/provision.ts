import { Client, escapeLiteral } from 'pg';
import { makePlatformRoles } from '../supabase/platform-roles.ts';
import { connectionUrlFor } from './connection-url.ts';
import { migrations } from './schema.ts';
import { seedSql } from './seed.ts';

/** The database that VendHub lives in. */
export const vendHubDatabase = 'vendhub';

/** What {@link provisionVendHub} needs. */
export interface VendHubProvisioning {
  /** A superuser's connection to any database of a fresh cluster. */
  readonly superuserUrl: string;
  readonly operatorPassword: string;
  readonly applicationPassword: string;
}

/** How the two roles reach the provisioned database. Both are secrets. */
export interface ProvisionedVendHub {
  /** As `postgres`: owns the database, is no superuser. */
  readonly operatorUrl: string;
  /** As `vendhub_app`: reads and writes rows, nothing else. */
  readonly applicationUrl: string;
}

/**
 * Creates VendHub on a fresh cluster: the roles `postgres` and `vendhub_app`, the database, the schema and the rows.
 *
 * As on Supabase, `postgres` is no superuser: it owns the database, may create roles and databases, monitor, end
 * other sessions, and alter the password of `vendhub_app`, which it created itself. Fails when anything of it exists.
 */
export async function provisionVendHub(input: VendHubProvisioning): Promise<ProvisionedVendHub> {
  const { superuserUrl, operatorPassword, applicationPassword } = input;
  await execute(superuserUrl, [
    `CREATE ROLE postgres LOGIN CREATEROLE CREATEDB PASSWORD ${escapeLiteral(operatorPassword)}`,
    'GRANT pg_monitor, pg_signal_backend TO postgres',
    `CREATE DATABASE ${vendHubDatabase} OWNER postgres`,
  ]);
  const login = { database: vendHubDatabase };
  const operatorUrl = connectionUrlFor(superuserUrl, {
    ...login,
    user: 'postgres',
    password: operatorPassword,
  });
  // As on Supabase: there from the start, out of the operator's hands, in a schema of its own.
  const asSuperuser = new URL(superuserUrl);
  asSuperuser.pathname = `/${vendHubDatabase}`;
  await execute(asSuperuser.href, [
    'CREATE SCHEMA extensions',
    'CREATE EXTENSION pg_stat_statements SCHEMA extensions',
    'GRANT USAGE ON SCHEMA extensions TO postgres',
    makePlatformRoles,
  ]);
  await execute(operatorUrl, [
    `CREATE ROLE vendhub_app LOGIN PASSWORD ${escapeLiteral(applicationPassword)}`,
    'CREATE TABLE public.migrations (id serial PRIMARY KEY, name text NOT NULL UNIQUE, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())',
    ...migrations.flatMap(({ name, sql }) => [
      sql,
      `INSERT INTO public.migrations (name) VALUES (${escapeLiteral(name)})`,
    ]),
    seedSql,
    'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vendhub_app',
    'REVOKE INSERT, UPDATE, DELETE ON public.migrations FROM vendhub_app',
    'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vendhub_app',
    'ANALYZE',
  ]);
  const applicationUrl = connectionUrlFor(superuserUrl, {
    ...login,
    user: 'vendhub_app',
    password: applicationPassword,
  });
  return { operatorUrl, applicationUrl };
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
