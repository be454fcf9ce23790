# Rows of every table, and how many of them were committed after a UTC second.
# A table that cannot be read is an ERROR and does not hide the others.
count_rows() {
  echo 'table|rows|newer'
  sql --set=ON_ERROR_STOP=0 -At --set=second="$1" <<'SQL'
WITH stamped (name, stamp) AS (VALUES
{{timestampColumns}}
), counted AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name, CASE
    WHEN current_setting('track_commit_timestamp')::boolean
      THEN 'pg_xact_commit_timestamp(xmin)'
    ELSE (SELECT quote_ident(stamp) FROM stamped
      WHERE name = format('%s.%s', n.nspname, c.relname)) END AS stamp
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname IN ({{schemas}})
)
SELECT format('SELECT %L, count(*), %s FROM ONLY %s', name,
  CASE WHEN stamp IS NULL THEN 'NULL::bigint' ELSE format(
    'count(*) FILTER (WHERE %s > to_timestamp(%s))', stamp, :second) END,
  name)
FROM counted ORDER BY name
\gexec
SQL
}
