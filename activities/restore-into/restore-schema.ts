import { quoteIdentifier } from '../database/identifiers.ts';
import { sqlState } from '../database/sql-state.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { readSchemaEntries, type SchemaEntry } from './schema-entries.ts';

/** An object of the schema that could not be made. */
export interface SchemaFailure {
  /** Type and name, as in `FK CONSTRAINT sales sales_user_id_fkey`. */
  readonly object: string;
  /** What the server said; holds no value of a row. */
  readonly reason: string;
  /** Whether rows can be brought back without it: it belongs to the server, not to the data. */
  readonly dispensable: boolean;
}

/** What a test server may lack, or does not need, without the data being any less restored. */
const dispensableTypes = new Set([
  'ACL',
  'COMMENT',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'EXTENSION',
  'POLICY',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SECURITY LABEL',
  'SUBSCRIPTION',
]);

/** Missing things that are supplied for one entry at most; a dump that wants more is not understood. */
const supplyLimit = 20;

/**
 * Runs one part of a schema dump in an open transaction. An object that cannot be made does not stop the others. A foreign key that the rows
 * break is made without looking at them, so that they can be counted later.
 *
 * @param options.makeRoles whether a role that is missing may be made, which outlasts the database
 * @returns what could not be made
 * @throws DrError `database-unreachable` (retried); what `beforeEach` throws
 */
export async function restoreSchema(
  session: DatabaseSession,
  sql: string,
  options: { readonly makeRoles: boolean; readonly beforeEach: (object: string) => void },
): Promise<readonly SchemaFailure[]> {
  const { settings, entries } = readSchemaEntries(sql);
  // A setting that an older server does not know is one that it does not need.
  for (const setting of settings) await attempt(session, setting);
  const failures: SchemaFailure[] = [];
  for (const entry of entries) {
    const object = `${entry.type} ${entry.name}`;
    options.beforeEach(object);
    const failure = await make(session, entry, options.makeRoles);
    if (failure === undefined) continue;
    failures.push({ object, reason: reasonOf(failure), dispensable: dispensableTypes.has(entry.type) });
  }
  return failures;
}

async function make(
  session: DatabaseSession,
  entry: SchemaEntry,
  makeRoles: boolean,
): Promise<DrError | undefined> {
  for (let supplied = 0; ; supplied += 1) {
    const failure = await attempt(session, entry.sql);
    if (failure === undefined) return undefined;
    const state = sqlState(failure);
    // Every new database has the schema `public`.
    if (entry.type === 'SCHEMA' && state === '42P06') return undefined;
    if (entry.type === 'FK CONSTRAINT' && state === '23503') {
      return await attempt(session, `${entry.sql.replace(/;\s*$/, '')} NOT VALID`);
    }
    const supply = supplyFor(failure, entry, makeRoles);
    if (supply === undefined || supplied === supplyLimit) return failure;
    if ((await attempt(session, supply)) !== undefined) return failure;
  }
}

/** The statement that makes what an entry lacks: a role, or the schema of another part of the platform. */
function supplyFor(failure: DrError, { type }: SchemaEntry, makeRoles: boolean): string | undefined {
  const missing = /(role|schema) "(.+)" does not exist/.exec(failure.explanation.happened);
  if (missing === null) return undefined;
  const [, kind, name = ''] = missing;
  if (kind === 'role') return makeRoles ? `CREATE ROLE ${quoteIdentifier(name)} NOLOGIN` : undefined;
  return type === 'EXTENSION' ? `CREATE SCHEMA ${quoteIdentifier(name)}` : undefined;
}

/** Runs statements; takes them back and gives the failure when the server refused them. */
async function attempt(session: DatabaseSession, sql: string): Promise<DrError | undefined> {
  await session.query('SAVEPOINT attempt');
  try {
    await session.query(sql);
    await session.query('RELEASE SAVEPOINT attempt');
    return undefined;
  } catch (error) {
    if (!(error instanceof DrError) || error.type !== 'database-query-failed') throw error;
    await session.query('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt');
    return error;
  }
}

function reasonOf({ explanation }: DrError): string {
  return /\((SQLSTATE .*)\)\.$/s.exec(explanation.happened)?.[1] ?? explanation.happened;
}
