# Ids of the deployments that are under way.
starting() {
  deployments | awk -F'\t' '$2 ~ \
    /^(INITIALIZING|QUEUED|WAITING|NEEDS_APPROVAL|BUILDING|DEPLOYING)/ \
    { print $1 }'
}
