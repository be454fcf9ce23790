# Asks Supabase: METHOD PATH [BODY]. A change tells its HTTP status.
supabase() {
  local tell='' api="${SUPABASE_API_URL:-https://api.supabase.com}"
  [ "$1" = GET ] || tell='%{stderr}HTTP %{http_code}\n'
  curl --silent --show-error --fail-with-body --max-time 30 \
    --config <(printf 'header = "Authorization: Bearer %s"\n' \
      "$SUPABASE_ACCESS_TOKEN") \
    --header 'Content-Type: application/json' --write-out "$tell" \
    --request "$1" ${3:+--data "$3"} \
    "$api/v1/projects/$SUPABASE_PROJECT_REF$2"
}
