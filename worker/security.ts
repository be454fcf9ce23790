import type { Policy } from '../workflows/contracts/policy.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * What VendHub declares about its security. Credentials stand in the order of their exchange: the worker's own way into
 * the database first, since everything after it needs that.
 */
export const security: Policy['security'] = {
  credentials: [
    {
      id: 'database-administrator',
      kind: 'database-password',
      role: 'postgres',
      issuer: 'platform',
      variables: [],
    },
    {
      id: 'database-application',
      kind: 'database-password',
      role: 'vendhub_app',
      issuer: 'database',
      variables: ['DATABASE_URL'],
    },
    {
      id: 'service-key',
      kind: 'api-key',
      access: 'secret',
      name: 'default',
      endsLegacyKeys: true,
      variables: ['SUPABASE_SECRET_KEY'],
    },
    { id: 'user-tokens', kind: 'jwt-signing-key' },
    { id: 'object-store', kind: 's3-key' },
  ],
  baseline: {
    allowedCidrs: ['0.0.0.0/0', '::/0'],
    sslEnforced: true,
    schemas: ['public'],
    // Not every grant of PUBLIC: the application's role may use the schema by it.
    absentGrants: ['anon', 'PUBLIC'].flatMap((grantee) =>
      ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'].map((privilege) => `${grantee}: ${privilege} on *`),
    ),
    rowSecurity: [],
  },
  indicators: [
    {
      name: 'functions that run with the rights of their owner',
      sql: `SELECT oid::regprocedure::text AS function FROM pg_proc
             WHERE prosecdef AND pronamespace = 'public'::regnamespace`,
    },
    {
      name: 'triggers that no migration makes',
      sql: `SELECT tgname, tgrelid::regclass::text AS "table" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
             WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace`,
    },
    {
      name: 'several users with one address but for its case',
      sql: 'SELECT lower(email) AS email, count(*) FROM public.users GROUP BY 1 HAVING count(*) > 1',
    },
  ],
  credentialMaxAgeMs: 366 * day,
  lookBackMs: 7 * day,
  cleanPointMaxMs: 30 * minute,
};
