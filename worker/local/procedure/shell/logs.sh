# The last lines of a deployment: deploymentLogs or buildLogs, ID.
logs() {
  jq --null-input --arg id "$2" '{id: $id}' |
    railway "query(\$id: String!) { lines: $1(deploymentId: \$id, limit: 200)
      { timestamp severity message } }" |
    jq --raw-output '.lines | sort_by(.timestamp)[] |
      "\(.timestamp) \(.severity) \(.message)"'
}
