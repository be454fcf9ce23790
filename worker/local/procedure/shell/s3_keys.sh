# The keys below a folder of an object store: S3 or S3_SECOND, FOLDER.
s3_keys() {
  s3 "$1" "?list-type=2&prefix=$2%2F" |
    { grep -o '<Key>[^<]*' || true; } | cut -c6-
}
