#!/usr/bin/env bash
# The command `assize` beside the services of docker-compose.yml, with their addresses and passwords. It reads files
# of the directory in which it is called, and changes none:
#
#   docker/assize.sh submit main.py --problem sum --wait
set -euo pipefail
ASSIZE_FILES=$PWD
export ASSIZE_FILES
cd "$(dirname "$0")/.."
. docker/lib/say.sh

[ -f .env ] || fail "the services were never started here: there is no .env" "Start them with:  make demo"
terminal=()
[ -t 0 ] && [ -t 1 ] || terminal=(-T)
exec docker/compose.sh run --rm --no-deps "${terminal[@]+"${terminal[@]}"}" assize "$@"
