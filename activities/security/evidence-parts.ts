import { z } from 'zod';
import { readGrants } from '../database/grants.ts';
import { jsonColumn, readRows } from '../database/rows.ts';
import type { DatabaseSession, PlatformLogLine } from '../ports.ts';

/** Whatever runs a statement: a session, or the provider's API. */
export type QueryRunner = Pick<DatabaseSession, 'query'>;

const session = z.object({
  role: z.string().nullable(),
  address: z.string().nullable(),
  application: z.string().nullable(),
  database: z.string().nullable(),
  state: z.string().nullable(),
  since: z.string().nullable(),
  query: z.string().nullable(),
});
/** See {@link readSessions}. */
export type EvidenceSession = z.infer<typeof session>;

const role = z.object({
  name: z.string(),
  login: z.boolean(),
  superuser: z.boolean(),
  createRole: z.boolean(),
  replication: z.boolean(),
  bypassesRowSecurity: z.boolean(),
  memberOf: jsonColumn(z.array(z.string())),
  settings: jsonColumn(z.array(z.string())),
});
/** See {@link readRoles}. */
export type EvidenceRole = z.infer<typeof role>;

/** Who is connected, without the literals of what they run: those may be secrets. */
export function readSessions(from: QueryRunner): Promise<EvidenceSession[]> {
  return readRows(
    from,
    session,
    `SELECT usename::text AS role, host(client_addr) AS address, application_name AS application, datname::text AS database,
      state, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since,
      left(regexp_replace(query, '''(?:[^'']|'''')*''', '''…''', 'g'), 500) AS query
     FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend') = 'client backend' AND datname IS NOT NULL AND pid <> pg_backend_pid() ORDER BY backend_start`,
  );
}

/** All roles but PostgreSQL's own, with what they may do. */
export function readRoles(from: QueryRunner): Promise<EvidenceRole[]> {
  return readRows(
    from,
    role,
    `SELECT r.rolname::text AS name, r.rolcanlogin AS login, r.rolsuper AS superuser, r.rolcreaterole AS "createRole",
      r.rolreplication AS replication, r.rolbypassrls AS "bypassesRowSecurity",
      array_to_json(ARRAY(SELECT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member = r.oid ORDER BY 1))::text AS "memberOf",
      array_to_json(coalesce(r.rolconfig, '{}'))::text AS settings
     FROM pg_roles r WHERE r.rolname NOT LIKE 'pg\\_%' ORDER BY 1`,
  );
}

/** Who may do what. */
export function readEvidenceGrants(from: QueryRunner, schemas: readonly string[]) {
  return readGrants(from, schemas, 10_000);
}

/** Lines of the log that tell of logins, let in or turned away. */
export function loginsAmong(lines: readonly PlatformLogLine[]): readonly PlatformLogLine[] {
  return lines.filter(({ message }) =>
    /^connection authorized|authentication failed|no pg_hba\.conf entry/.test(message),
  );
}

/** Whether a line tells of a login that was turned away. */
export function isFailedLogin({ message }: PlatformLogLine): boolean {
  return !message.startsWith('connection authorized');
}
