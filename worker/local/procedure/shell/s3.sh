# Reads from an object store: S3 (S3_ENDPOINT, S3_REGION, S3_BUCKET,
# S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY) or S3_SECOND; a key or a question.
s3() {
  local endpoint="$1_ENDPOINT" region="$1_REGION" bucket="$1_BUCKET"
  local id="$1_ACCESS_KEY_ID" secret="$1_SECRET_ACCESS_KEY"
  curl --silent --show-error --fail --globoff \
    --aws-sigv4 "aws:amz:${!region:-us-east-1}:s3" \
    --config <(printf 'user = "%s:%s"\n' "${!id}" "${!secret}") \
    "${!endpoint}/${!bucket}/$2"
}
