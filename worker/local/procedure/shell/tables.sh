# The names of all tables that hold rows.
tables() {
  sql --tuples-only --no-align <<'SQL'
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ({{schemas}}) ORDER BY 1
SQL
}
