# Writes something down under a name, for later steps; noted reads it.
note() {
  [ -n "$2" ] || { echo "NOTHING TO NOTE as $1" >&2; return 1; }
  printf '%s\n' "$2" > "$NOTES/$1" && echo "noted $1: $2"
}
noted() { cat "$NOTES/$1"; }
