# The networks that could connect before the fence, as restrict takes them.
networks_before() {
  jq --compact-output '.config | if .dbAllowedCidrs or .dbAllowedCidrsV6
    then {dbAllowedCidrs: (.dbAllowedCidrs // []),
      dbAllowedCidrsV6: (.dbAllowedCidrsV6 // [])}
    else {dbAllowedCidrs: ["0.0.0.0/0"], dbAllowedCidrsV6: ["::/0"]} end' \
    "$NOTES/networks.json"
}
