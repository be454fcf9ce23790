# Takes the passphrase of backups from its file where the variable is not set.
passphrase() {
  [ -n "${BACKUP_PASSPHRASE:-}" ] ||
    IFS= read -r BACKUP_PASSPHRASE < "$BACKUP_PASSPHRASE_FILE"
  export BACKUP_PASSPHRASE
}
