#!/bin/sh
# Makes what compose.yaml asks for in docs/compose/secrets. What is there already stays as it is.
set -eu
umask 077
folder="$(dirname "$0")/secrets"
mkdir -p "$folder"

made() { # made NAME BYTES: a random word of that many bytes in hexadecimal
    [ -s "$folder/$1" ] || od -An -v -tx1 -N "$2" /dev/urandom | tr -d ' \n' > "$folder/$1"
}
address() { # address NAME ROLE PASSWORD: where that role finds the database
    printf 'postgresql://%s:%s@postgres/senim' "$2" "$(cat "$folder/$3")" > "$folder/$1"
}

made secret_key 48
made metrics_token 24
for name in superuser_password owner_password runtime_password backup_password broker_password; do
    made "$name" 24
done
address database_url senim_runtime runtime_password
address owner_database_url senim_owner owner_password
address backup_database_url senim_backup backup_password
printf 'redis://:%s@valkey:6379/0' "$(cat "$folder/broker_password")" > "$folder/broker_url"

# Compose mounts the files as they are, and the containers run as other accounts: the folder closes them.
chmod 700 "$folder"
chmod 444 "$folder"/*
