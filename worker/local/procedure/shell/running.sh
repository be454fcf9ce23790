# Ids of the deployments that run, newest first.
running() {
  deployments | awk -F'\t' \
    '$2 ~ /^SLEEPING/ || $2 ~ /^(SUCCESS|REMOVING)$/ { print $1 }'
}
