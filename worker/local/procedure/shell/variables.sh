# The variables of the service as JSON. Secrets: never onto the screen.
variables() {
  service | jq --argjson unrendered "${1:-false}" '. + {$unrendered}' |
    railway 'query($projectId: String!, $environmentId: String!,
      $serviceId: String!, $unrendered: Boolean) {
      variables(projectId: $projectId, environmentId: $environmentId,
        serviceId: $serviceId, unrendered: $unrendered)
    }' | jq '.variables |
      with_entries(select(.key | startswith("RAILWAY_") | not))'
}
