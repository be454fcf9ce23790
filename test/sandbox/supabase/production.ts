import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createSupabasePlatform } from '../../../activities/adapters/supabase/index.ts';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import type { Database, DatabasePlatform } from '../../../activities/ports.ts';
import { startSandboxPostgres, temporaryFolderRoot } from '../postgres/index.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import type { Role } from '../postgres/superuser.ts';
import { restorePhaseFaults, supabaseFaults } from './faults.ts';
import { type SandboxSupabase, startSandboxSupabase } from './index.ts';

/** A database with a Supabase before it, and the production adapters that reach both. */
export interface SupabaseProduction {
  readonly cluster: SandboxPostgres;
  readonly supabase: SandboxSupabase;
  readonly platform: DatabasePlatform;
  /** As the operator: may look at every session and end them, and is no superuser. */
  readonly database: Database;
  readonly operator: Role;
  /** Runs one statement as the operator and gives its rows. */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly unknown[]>;
  /** Waits until the next whole second begins by the database's clock, and returns it: a target after all commits so far. */
  nextSecond(): Promise<number>;
  dispose(): Promise<void>;
}

/**
 * Starts both with short waits, takes a base backup, and makes an operator with the database `vendhub`.
 *
 * @param options.restoringDelayMs from the answer to what changes the project's status to that change
 */
export async function startSupabaseProduction(
  options: { readonly restoringDelayMs?: number } = {},
): Promise<SupabaseProduction> {
  const { path: binFolder } = await locatePostgres();
  const faults = supabaseFaults();
  const cluster = await startSandboxPostgres({
    folder: join(await temporaryFolderRoot(), `vendhub-dr-test-${randomUUID()}`),
    binFolder,
    onRestorePhase: restorePhaseFaults(faults),
  });
  try {
    const operator = { name: 'operator', password: randomBytes(18).toString('base64url') };
    const administration = createPostgresDatabase({
      connectionString: cluster.connectionString(cluster.superuser, 'postgres'),
    });
    await administration.session(async (session) => {
      await session.query(`CREATE ROLE operator LOGIN PASSWORD '${operator.password}'`);
      await session.query('GRANT pg_monitor, pg_signal_backend TO operator');
      await session.query('CREATE DATABASE vendhub OWNER operator');
    });
    await cluster.takeBaseBackup();
    const supabase = await startSandboxSupabase({
      cluster,
      faults,
      administrator: operator.name,
      restoringDelayMs: options.restoringDelayMs ?? 100,
      applyDelayMs: 100,
      requestsPerMinute: 100_000,
    });
    const database = createPostgresDatabase({
      connectionString: cluster.connectionString(operator, 'vendhub'),
    });
    const query: SupabaseProduction['query'] = async (sql, parameters) =>
      (await database.session((session) => session.query(sql, parameters))).rows;
    const nextSecond: SupabaseProduction['nextSecond'] = async () => {
      const second = Math.floor(Date.now() / 1000) + 1;
      await query('SELECT pg_sleep_until(to_timestamp($1::bigint))', [second]);
      return second;
    };
    // The window begins with the first whole second after the base backup.
    await nextSecond();
    return {
      cluster,
      supabase,
      platform: createSupabasePlatform({
        baseUrl: supabase.url,
        projectRef: supabase.projectRef,
        accessToken: supabase.accessToken,
        timeoutMs: 5_000,
      }),
      database,
      operator,
      query,
      nextSecond,
      async dispose() {
        await supabase.stop();
        await cluster.dispose();
      },
    };
  } catch (error) {
    await cluster.dispose();
    throw error;
  }
}
