# Asks Railway: the GraphQL as the word, its variables as JSON on standard
# input, so that no secret stands in the list of processes.
railway() {
  local header='Project-Access-Token:'
  [ "${RAILWAY_TOKEN_KIND:-project}" = project ] ||
    header='Authorization: Bearer'
  jq --compact-output --arg query "$1" '{query: $query, variables: .}' |
    curl --silent --show-error --max-time 30 \
      --config <(printf 'header = "%s %s"\n' "$header" "$RAILWAY_TOKEN") \
      --header 'Content-Type: application/json' --data @- \
      "${RAILWAY_API_URL:-https://backboard.railway.com/graphql/v2}" |
    jq --exit-status \
      'if .errors then error("REFUSED: \(.errors[0].message)") else .data end'
}
