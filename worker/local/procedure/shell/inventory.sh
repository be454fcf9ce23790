# Writes down, into a folder, what a rewind undoes besides rows.
inventory() {
  mkdir -p "$1"
  pg_dump --schema-only {{dumpSchemas}} \
    --dbname="$DATABASE_URL" | grep -v '^\\' > "$1/schema-and-grants.sql"
  sql > "$1/roles.txt" <<'SQL'
SELECT rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb,
  rolreplication, rolbypassrls,
  (SELECT string_agg(roleid::regrole::text, ' ' ORDER BY roleid::regrole::text)
    FROM pg_auth_members WHERE member = r.oid) AS member_of
FROM pg_roles r WHERE rolname NOT LIKE 'pg\_%' ORDER BY rolname;
SQL
  sql > "$1/slots-and-jobs.txt" <<'SQL'
SELECT slot_name, slot_type, database FROM pg_replication_slots
WHERE NOT temporary ORDER BY 1;
SELECT to_regclass('cron.job') IS NOT NULL AS cron \gset
\if :cron
  SELECT jobname, schedule, database, username, active, md5(command) AS command
  FROM cron.job ORDER BY jobid;
\endif
SQL
}
