# Switches automatic deployments on or off: true, false.
auto_deploy() {
  service | jq --argjson enabled "$1" '{input: (. + {enabled: $enabled})}' |
    railway 'mutation($input: ServiceInstanceAutoDeployUpdateInput!) {
      serviceInstanceAutoDeployUpdate(input: $input) { enabled }
    }'
}
