# Waits until it was healthy for {{watchSeconds}} s without a failed probe.
watch_health() {
  local since='' now
  while true; do
    now="$(date +%s)"
    if [ "$(health "$@")" = 200 ]; then since="${since:-$now}"
    else since=''; echo "$(date -u +%T) not healthy"; fi
    [ -z "$since" ] || [ $((now - since)) -lt {{watchSeconds}} ] || break
    sleep {{probeSeconds}}
  done
  echo "healthy without a failed probe until $(date -u +%FT%TZ)"
}
