#!/bin/sh
# Makes the secrets that compose.yaml mounts, in the folder `secrets` or the one that is named: sh ops/compose/make-secrets.sh
#
# Files that exist are kept. Only the owner may enter the folder. The files themselves can be read by all: Docker mounts
# each of them alone, and the users in the containers are not the owner.
set -eu
folder=${1:-secrets}

# 43 characters of A-Z a-z 0-9: they need no encoding in a URL.
random() { LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 43; }

# Creates a file with what standard input holds. A file that exists keeps its content.
create() {
  if [ -e "$folder/$1" ]; then
    cat >/dev/null
    echo "$folder/$1 is kept"
  else
    cat >"$folder/$1.new"
    chmod 0444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "$folder/$1 is made"
  fi
}

mkdir -p "$folder"
chmod 0700 "$folder"
random | create postgres_password
random | create hivegate_password
printf 'postgres://hivegate:%s@postgres:5432/hivegate' "$(cat "$folder/hivegate_password")" | create database_url
random | create key_encryption_secret
random | create admin_password
