# The HTTP status of the health URL, or of another one; 000 without an answer.
health() {
  curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}\n' \
    "${1:-$APPLICATION_HEALTH_URL}" || true
}
