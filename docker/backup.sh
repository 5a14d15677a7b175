#!/usr/bin/env bash
# Writes all verdicts and attempts into one file, while everything runs:
#
#   docker/backup.sh assize.dump
#
# docker/restore.sh puts it back. Tokens, the key of callbacks and problem packages are files, which are not in it:
# docs/operations/backup.md says where they are and how they are copied.
set -euo pipefail
called_in=$PWD
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/portable.sh

main() {
    [ $# -eq 1 ] || fail "a backup needs the name of a file" "usage: docker/backup.sh FILE"
    local file
    file=$(absolute "$called_in" "$1")
    [ ! -e "$file" ] || fail "$file is there already" "Name a new file, or remove it."
    part=$file.part
    trap 'rm -f "$part"' EXIT
    (umask 077 && docker/compose.sh exec -T postgres pg_dump -U assize --format=custom assize >"$part")
    # A file that was cut off has no table of contents, or one that names more than it holds.
    docker/compose.sh exec -T postgres pg_restore --file=/dev/null <"$part"
    mv "$part" "$file"
    say "Wrote $file ($(du -h "$file" | cut -f 1))"
    say "Not in it: tokens and the key of callbacks (the volume tokens), problem packages, .env;" \
        "docs/operations/backup.md says how they are copied"
}

main "$@"
