import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { readRows } from './rows.ts';

/** Lines that are kept; the contract's figure. */
export const grantLimit = 500;

/**
 * An object without an access list has the built-in one, which gives functions to PUBLIC: it counts too, or a
 * revocation that the rewind undid would not show. What an owner may do anyway, and members of extensions, do not.
 */
const grants = `
  WITH objects AS (
    SELECT format('schema %I', nspname) AS name, nspowner AS owner, coalesce(nspacl, acldefault('n', nspowner)) AS acl
      FROM pg_namespace WHERE nspname = ANY ($1::text[])
    UNION ALL
    SELECT format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, n.nspname, c.relname),
           c.relowner, c.relacl
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT format('column %I.%I.%I', n.nspname, c.relname, a.attname), c.relowner, a.attacl
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY ($1::text[]) AND a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT format('function %s', p.oid::regprocedure), p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
           AND d.objid = p.oid AND d.deptype = 'e')
  ), lines AS (
    SELECT format('%s: %s on %s', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
                  a.privilege_type, o.name) AS line
      FROM objects o CROSS JOIN LATERAL aclexplode(o.acl) a WHERE a.grantee <> o.owner
    UNION
    SELECT format('%s: MEMBER on role %s', m.member::regrole, m.roleid::regrole)
      FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname NOT LIKE 'pg\\_%'
    UNION
    SELECT format('%s: %s on server', r.oid::regrole, attribute)
      FROM pg_roles r CROSS JOIN LATERAL (VALUES ('LOGIN', r.rolcanlogin), ('SUPERUSER', r.rolsuper),
             ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication),
             ('BYPASSRLS', r.rolbypassrls)) AS held (attribute, granted)
     WHERE granted AND r.rolname NOT LIKE 'pg\\_%'
  )
  SELECT line FROM lines ORDER BY line COLLATE "C" LIMIT $2`;

/**
 * Lists who may do what: privileges on the schemas' objects, memberships and attributes of roles, as
 * `grantee: privilege on object`, sorted, capped at `limit` lines. Throws `database-unreachable` (retried) or `database-query-failed`.
 */
export async function readGrants(
  session: Pick<DatabaseSession, 'query'>,
  schemas: readonly string[],
  limit: number = grantLimit,
): Promise<readonly string[]> {
  const rows = await readRows(session, z.object({ line: z.string() }), grants, [schemas, limit]);
  return rows.map((row) => row.line);
}
