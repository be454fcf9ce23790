# Lets only these networks connect, and waits until that is in force.
restrict() {
  supabase POST /network-restrictions/apply "$1" > /dev/null || return 1
  until supabase GET /network-restrictions |
    jq --exit-status --argjson wanted "$1" '.status == "applied" and
      ([.config, $wanted] | map(.dbAllowedCidrs + .dbAllowedCidrsV6 | sort)
        | .[0] == .[1])' > /dev/null
  do echo 'not in force yet'; sleep 2; done
  echo "in force: $1"
}
