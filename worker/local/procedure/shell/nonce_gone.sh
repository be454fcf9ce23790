# Whether the row that was written before the restore is gone: the database
# answers, and was rewound.
nonce_gone() {
  local name found
  name="$(sql -Atc "SELECT to_regclass('dr.restore_nonce')")" || return 1
  [ "$name" != unknown ] && [ -n "$name" ] || return 0
  found="$(sql -At --set=nonce="$(noted nonce)" <<'SQL'
SELECT count(*) FROM dr.restore_nonce WHERE nonce = :'nonce'
SQL
  )" || return 1
  [ "$found" = 0 ]
}
