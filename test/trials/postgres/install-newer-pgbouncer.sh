#!/usr/bin/env bash
# Unpacks the PgBouncer of Debian 13, with the libraries that it needs, into the directory $1, and prints the command that
# runs it. Debian 12 has 1.18, which does not know prepared statements in transaction mode. Nothing is installed.
set -euo pipefail
directory=$(realpath "$1")
PACKAGES=(pgbouncer libc6 libevent-2.1-7t64 libcares2 libssl3t64 libpam0g libsystemd0 libaudit1 libcap-ng0 libcap2 libzstd1 zlib1g)

repository=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | grep -v -- '-security' | head -1)
mkdir -p "$directory"/{lists,cache}
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $repository trixie main" >"$directory/sources.list"
options=(
  -qq
  -o "Dir::Etc::sourcelist=$directory/sources.list"
  -o Dir::Etc::sourceparts=-
  -o "Dir::State::Lists=$directory/lists"
  -o "Dir::Cache=$directory/cache"
  -o Dir::State::status=/dev/null
  -o APT::Sandbox::User=root
  -o Acquire::Languages=none
  -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
)
apt-get "${options[@]}" update >&2
(cd "$directory" && apt-get "${options[@]}" download "${PACKAGES[@]}" >&2)
for package in "$directory"/*.deb; do dpkg-deb --extract "$package" "$directory/root"; done
rm -rf "$directory"/*.deb "$directory/lists" "$directory/cache"
# The trials run it as another user.
chmod 755 "$directory"
libraries=$(dirname "$(find "$directory/root/usr/lib" -name 'ld-linux-*.so.*' -path '*-linux-gnu*' | head -1)")
loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux-*.so.*' | head -1)
command=("$loader" --library-path "$libraries" "$directory/root/usr/sbin/pgbouncer")
"${command[@]}" --version >&2
echo "${command[*]}"
