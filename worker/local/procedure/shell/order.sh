# Gives Railway an order about a deployment: deploymentStop and such, ID.
order() {
  jq --null-input --arg id "$2" '{id: $id}' |
    railway "mutation(\$id: String!) { $1(id: \$id) }"
}
