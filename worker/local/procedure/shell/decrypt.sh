# Decrypts FILE by what its note says, to standard output.
decrypt() {
  openssl enc -d -aes-256-cbc -pbkdf2 -md sha256 \
    -iter "$(jq .encryption.iterations "$2")" \
    -pass env:BACKUP_PASSPHRASE -in "$1"
}
