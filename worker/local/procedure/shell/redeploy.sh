# Deploys the build of a deployment again, and waits until something runs.
redeploy() {
  local list
  jq --null-input --arg id "$1" '{id: $id}' | railway '
    mutation($id: String!) {
      deploymentRedeploy(id: $id, usePreviousImageTag: true) { id }
    }' || return 1
  until list="$(starting)" && [ -z "$list" ]; do sleep 2; done
  deployments | head -3
}
