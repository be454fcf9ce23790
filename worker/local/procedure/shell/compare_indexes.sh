# Counts each table by its pages and by its indexes, and shows where they
# differ: a page of zeros takes its rows away without any error.
compare_indexes() {
  local name by_table by_index off='SET enable_bitmapscan = off;'
  for name in $(tables); do
    if by_table="$(sql -Atc "$off SET enable_indexonlyscan = off;
        SET enable_indexscan = off" -c "SELECT count(*) FROM ONLY $name")" &&
      by_index="$(sql -Atc "$off SET enable_seqscan = off" \
        -c "SELECT count(*) FROM ONLY $name")"
    then [ "$by_table" = "$by_index" ] ||
      echo "FAULT: $name has $by_table rows, its index knows $by_index"
    else echo "FAULT: $name cannot be counted"; fi
  done
  echo 'tables and indexes compared'
}
