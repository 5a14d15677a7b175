#!/usr/bin/env bash
# The command `assize` beside the services of docker-compose.yml, with their addresses and passwords. It sees the files
# of the directory in which it is called, and changes none:
#
#   docker/assize.sh submit main.py --problem sum --wait
set -euo pipefail
ASSIZE_FILES=$PWD
export ASSIZE_FILES
cd "$(dirname "$0")/.."
. docker/lib/say.sh

[ -f .env ] || fail "the services were never started here: there is no .env" "Start them with:  make demo"
[ $# -gt 0 ] || set -- --help
case $1 in
    new | image) fail "assize $1 makes files, and this one changes none" \
        "Call target/images/bin/assize $1, which make demo has built." ;;
esac
arguments=()
for argument in "$@"; do
    case $argument in
        "$ASSIZE_FILES"/*) argument=${argument#"$ASSIZE_FILES"/} ;;
        /*) [ ! -e "$argument" ] ||
            fail "only files below $ASSIZE_FILES are seen here, and $argument is none" \
                "Call it in the directory of the file." ;;
    esac
    arguments+=("$argument")
done
# Help, completions and the like need no services.
case " ${arguments[*]} " in
    *" --help "* | *" -h "* | *" completions "* | *" schema "*) ;;
    *) [ -n "$(docker/compose.sh ps -q --status running rabbitmq)" ] ||
        fail "the services do not run" "Start them with:  make demo" ;;
esac
terminal=()
[ -t 0 ] && [ -t 1 ] || terminal=(-T)
exec docker/compose.sh run --rm --no-deps "${terminal[@]+"${terminal[@]}"}" assize "${arguments[@]}"
