# SQL on standard input or by -c, as the operator; ends at the first error.
sql() {
  psql --dbname="${SQL_DATABASE:-$DATABASE_URL}" --no-psqlrc --quiet \
    --set=ON_ERROR_STOP=1 --pset=pager=off --pset=null=unknown "$@"
}
