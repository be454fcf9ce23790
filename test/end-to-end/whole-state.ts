import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Client } from 'pg';
import { z } from 'zod';
import { createClient } from '../../activities/adapters/s3/client.ts';
import type { SandboxProduction } from '../sandbox/index.ts';
import { standing } from './found.ts';
import { asSuperuser } from './truth.ts';

/**
 * Everything outside of Temporal that a command could have written to: rows, catalogue, settings and the next
 * transaction of the database, every object of every bucket, the local files, both platforms, the processes, the inbox.
 */
export async function wholeState(sandbox: SandboxProduction) {
  const { supabase, railway, smtp, environment } = sandbox;
  return {
    database: await asSuperuser(sandbox, databaseState),
    objects: await objects(sandbox),
    files: await files(environment['BACKUP_FOLDER'] ?? ''),
    configuration: await readFile(environment['APPLICATION_CONFIGURATION_FILE'] ?? '', 'utf8'),
    production: await standing(sandbox),
    variables: railway.service.variables,
    deployments: railway.service
      .deployments()
      .map(({ id, status, replica }) => ({ id, status, process: replica?.pid() })),
    changesAtPlatforms: [...supabase.calls.writes(), ...railway.calls.writes()],
    mails: smtp.messages().length,
  };
}

/** Settings and objects, as the server's own catalogue has them; a client's own settings are left out. */
const catalogue = {
  settings: `SELECT name, setting, pending_restart FROM pg_settings WHERE source <> 'client' AND name <> 'transaction_read_only'`,
  'settings of roles': 'SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting',
  databases: 'SELECT oid, datname, datacl, datconnlimit FROM pg_database',
  roles: 'SELECT * FROM pg_authid',
  memberships: 'SELECT roleid, member FROM pg_auth_members',
  relations: 'SELECT oid, relname, relnamespace, relkind, relfilenode, relacl, relrowsecurity FROM pg_class',
  columns: 'SELECT attrelid, attname, atttypid, attacl FROM pg_attribute WHERE attnum > 0',
  functions: 'SELECT oid, proname, prosecdef, proacl, prosrc FROM pg_proc',
  triggers: 'SELECT oid, tgname, tgrelid, tgenabled FROM pg_trigger',
  extensions: 'SELECT extname, extversion FROM pg_extension',
  slots: 'SELECT slot_name, slot_type FROM pg_replication_slots',
  // Whoever writes a row needs one.
  'next transaction': 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text',
};

const tablesSql = `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`;
const names = z.array(z.object({ name: z.string() }));

async function databaseState(client: Client): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const [what, sql] of Object.entries(catalogue)) {
    state[what] = sha256(linesOf((await client.query({ text: sql, rowMode: 'array' })).rows));
  }
  for (const { name } of names.parse((await client.query(tablesSql)).rows)) {
    state[name] = await client.query({ text: `SELECT t::text FROM ${name} t`, rowMode: 'array' }).then(
      ({ rows }) => `${rows.length} rows ${sha256(linesOf(rows))}`,
      // A damaged table stays as damaged as it was.
      (error: unknown) => `unreadable: ${String(error)}`,
    );
  }
  return state;
}

const linesOf = (rows: readonly unknown[]) =>
  rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join('\n');

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

async function objects({ s3, environment }: SandboxProduction): Promise<string[]> {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3;
  const client = createClient({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 3,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    const buckets = [environment['S3_BUCKET'], environment['S3_SECOND_BUCKET'], 'vendhub-uploads'];
    const listings = await Promise.all(buckets.map((bucket) => listing(client, bucket ?? '')));
    return listings.flat();
  } finally {
    client.destroy();
  }
}

async function listing(client: S3Client, bucket: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    for (const { Key, Size, ETag, LastModified } of Contents) {
      found.push(`${bucket}/${Key} ${Size} bytes ${ETag} ${LastModified?.toISOString()}`);
    }
  }
  return found;
}

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const regular = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    regular
      .sort()
      .map(async (path) => `${path} ${(await stat(path)).mtimeMs} ${sha256(await readFile(path))}`),
  );
}
