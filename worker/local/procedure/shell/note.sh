# Writes something down under a name, for later steps; noted reads it.
note() { printf '%s\n' "$2" > "$NOTES/$1" && echo "noted $1: $2"; }
noted() { cat "$NOTES/$1"; }
