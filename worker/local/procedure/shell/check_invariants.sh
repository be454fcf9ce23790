# Asks what the policy demands of the data; found must not be above allowed.
check_invariants() {
  sql --set=ON_ERROR_STOP=0 <<'SQL'
{{invariants}}
SQL
}
