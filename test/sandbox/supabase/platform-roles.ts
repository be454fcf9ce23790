/** As at the provider: who a statement that cannot write runs as, and whom the HTTPS API knows. */
export const readOnlyRole = 'supabase_read_only_user';
const apiRoles = ['anon', 'authenticated', 'service_role'] as const;

const make = (role: string, attributes = '') =>
  `IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN ${attributes}; END IF;`;

/** SQL that makes the platform's own roles where they are missing; idempotent, also when it runs twice at once. */
export const makePlatformRoles = `DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('supabase-roles'));
  ${make(readOnlyRole)} GRANT pg_read_all_data TO ${readOnlyRole};
  ${apiRoles.map((role) => make(role, role === 'service_role' ? 'BYPASSRLS' : '')).join(' ')}
  GRANT USAGE ON SCHEMA public TO ${apiRoles.join(', ')};
  GRANT ALL ON ALL TABLES IN SCHEMA public TO service_role;
END $$`;
