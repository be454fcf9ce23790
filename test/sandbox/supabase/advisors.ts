import { z } from 'zod';
import { unrestricted } from '../postgres/access-rules.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import type { ProjectDatabase } from './project-database.ts';

interface LintKind {
  readonly name: string;
  readonly title: string;
  readonly level: 'ERROR' | 'WARN' | 'INFO';
  readonly category: 'SECURITY' | 'PERFORMANCE';
  readonly type: 'table' | 'function' | 'extension' | 'compliance';
  readonly description: string;
  /** SQL with the columns `schema` and `name`, one row a finding; a setting of the project where there is none. */
  readonly sql?: string;
}

const tables = `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'`;
const hasPolicy = 'EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)';

/** Those of the provider's lints that a look into the catalogue or the settings decides. */
const kinds: readonly LintKind[] = [
  {
    name: 'rls_disabled_in_public',
    title: 'RLS Disabled in Public',
    level: 'ERROR',
    category: 'SECURITY',
    type: 'table',
    description: 'Detects cases where row level security has not been enabled on tables that the API shows.',
    sql: `${tables} AND NOT c.relrowsecurity`,
  },
  {
    name: 'policy_exists_rls_disabled',
    title: 'Policy Exists RLS Disabled',
    level: 'ERROR',
    category: 'SECURITY',
    type: 'table',
    description: 'Detects tables with policies that are not in force.',
    sql: `${tables} AND NOT c.relrowsecurity AND ${hasPolicy}`,
  },
  {
    name: 'rls_enabled_no_policy',
    title: 'RLS Enabled No Policy',
    level: 'INFO',
    category: 'SECURITY',
    type: 'table',
    description: 'Detects tables with row level security and no policy.',
    sql: `${tables} AND c.relrowsecurity AND NOT ${hasPolicy}`,
  },
  {
    name: 'function_search_path_mutable',
    title: 'Function Search Path Mutable',
    level: 'WARN',
    category: 'SECURITY',
    type: 'function',
    description: 'Detects functions whose search path is not fixed.',
    sql: `SELECT n.nspname AS schema, p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'public' AND p.prokind = 'f' AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
  },
  {
    name: 'no_primary_key',
    title: 'No Primary Key',
    level: 'INFO',
    category: 'PERFORMANCE',
    type: 'table',
    description: 'Detects tables without a primary key.',
    sql: `${tables} AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`,
  },
  {
    name: 'unindexed_foreign_keys',
    title: 'Unindexed foreign keys',
    level: 'INFO',
    category: 'PERFORMANCE',
    type: 'table',
    description: 'Detects foreign keys without a covering index.',
    sql: `${tables} AND EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = k.conkey[1]))`,
  },
];

const settings = {
  ssl: {
    name: 'ssl_not_enforced',
    title: 'SSL Not Enforced',
    level: 'WARN',
    category: 'SECURITY',
    type: 'compliance',
    description: 'Detects projects that take connections without TLS.',
  },
  network: {
    name: 'network_restrictions_not_set',
    title: 'Network Restrictions Not Set',
    level: 'INFO',
    category: 'SECURITY',
    type: 'compliance',
    description: 'Detects projects that take connections from everywhere.',
  },
} as const satisfies Record<string, LintKind>;

const found = z.array(z.object({ schema: z.string(), name: z.string() }));

/** The lints of one kind of advice, computed from the database as it stands. @throws Refused while it is down */
export async function lints(
  { cluster, database }: { readonly cluster: SandboxPostgres; readonly database: ProjectDatabase },
  category: LintKind['category'],
) {
  const result = [];
  for (const kind of kinds.filter((each) => each.category === category)) {
    for (const object of found.parse(await database.query(`${kind.sql} ORDER BY 1, 2`))) {
      result.push(asLint(kind, object));
    }
  }
  if (category === 'SECURITY') {
    if (!cluster.sslEnforced()) result.push(asLint(settings.ssl));
    const cidrs = cluster.networkRestrictions();
    if (unrestricted.every((cidr) => cidrs.includes(cidr))) result.push(asLint(settings.network));
  }
  return result;
}

function asLint(kind: LintKind, object?: { readonly schema: string; readonly name: string }) {
  const subject = object === undefined ? 'project' : `${object.schema}.${object.name}`;
  return {
    name: kind.name,
    title: kind.title,
    level: kind.level,
    facing: 'EXTERNAL',
    categories: [kind.category],
    description: kind.description,
    detail: `${kind.title}: \`${subject}\``,
    remediation: `https://supabase.com/docs/guides/database/database-linter`,
    cache_key: `${kind.name}_${subject}`,
    ...(object === undefined ? {} : { metadata: { ...object, type: kind.type } }),
  };
}
