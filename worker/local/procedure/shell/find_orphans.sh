# Counts, for each foreign key, the rows that refer to nothing.
find_orphans() {
  echo 'foreign key|orphans'
  sql --set=ON_ERROR_STOP=0 -At <<'SQL'
SELECT format('SELECT %L, count(*) '
  'FROM ONLY %s c WHERE %s AND NOT EXISTS (SELECT FROM ONLY %s p WHERE %s)',
  con.conname, con.conrelid::regclass, pairs.given, con.confrelid::regclass,
  pairs.same)
FROM pg_constraint con CROSS JOIN LATERAL (
  SELECT string_agg(format('c.%I IS NOT NULL', ca.attname), ' AND ') AS given,
    string_agg(format('p.%I = c.%I', pa.attname, ca.attname), ' AND ') AS same
  FROM unnest(con.conkey, con.confkey) AS pair (child, parent)
  JOIN pg_attribute ca
    ON ca.attrelid = con.conrelid AND ca.attnum = pair.child
  JOIN pg_attribute pa
    ON pa.attrelid = con.confrelid AND pa.attnum = pair.parent) AS pairs
JOIN pg_class child ON true
WHERE con.contype = 'f' AND child.oid = con.conrelid AND child.relkind = 'r'
  AND con.connamespace::regnamespace::text IN ({{schemas}})
ORDER BY con.conname
\gexec
SQL
}
