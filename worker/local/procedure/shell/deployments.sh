# The deployments, newest first: id, status, when made, whether a rollback and
# a redeployment are possible, commit.
deployments() {
  service | jq '{input: .}' | railway '
    query($input: DeploymentListInput!) {
      deployments(input: $input, first: 50) { edges { node {
        id status createdAt deploymentStopped canRollback canRedeploy meta
      } } }
    }' | jq --raw-output '
    .deployments.edges | map(.node) | sort_by(.createdAt) | reverse | .[] |
    [.id, .status + (if .deploymentStopped then "/stopped" else "" end),
      .createdAt, "rollback=\(.canRollback)", "redeploy=\(.canRedeploy)",
      (.meta.commitHash? // "unknown" | .[0:8])] | @tsv'
}
