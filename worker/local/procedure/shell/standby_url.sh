# The connection string of the standby database. A secret.
standby_url() {
  node -p 'const url = new URL(process.env.STANDBY_DATABASE_URL);
    url.pathname = process.argv[1]; url.href' "$(noted standby-database)"
}
