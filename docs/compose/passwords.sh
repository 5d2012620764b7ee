#!/bin/sh
# Gives the roles of Senim their passwords. PostgreSQL's image runs it once, after roles.sql, in an empty database.
set -eu
for role in owner runtime backup; do
    psql -v ON_ERROR_STOP=1 -v role="senim_$role" -v password="$(cat "/run/secrets/${role}_password")" \
        --username postgres --dbname postgres <<'SQL'
SELECT format('ALTER ROLE %I PASSWORD %L', :'role', :'password') \gexec
SQL
done
