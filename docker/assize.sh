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
. docker/lib/env.sh

OWN=target/images/bin/assize

# What writes files, or keeps them elsewhere, is stopped with what does it.
# usage: refuse_what_writes ARGUMENT...
refuse_what_writes() {
    case " $* " in *" --help "* | *" -h "*) return ;; esac
    case $1 in
        new | image) fail "assize $1 makes files, and this one changes none" \
            "Call $OWN $1, which make demo has built." ;;
        eval) fail "assize eval writes results into a file, and this one changes none" \
            "Call $OWN eval, which make demo has built, with ASSIZE_TOKEN as ASSIZE_HTTP_TOKEN in .env, and" \
            "--url http://127.0.0.1:$(setting ASSIZE_HTTP_PORT 8751)" ;;
        token) fail "the tokens are in a volume of the HTTP service, which this one does not see" \
            "docker/compose.sh exec serve assize $*" ;;
    esac
    case " $* " in
        " run "*"--json "*) ;;
        " run "*"--fetch"[\ =]*) fail "assize run --fetch writes files, and this one changes none" \
            "Call $OWN run, which make demo has built, or add --json: the files are in the document." ;;
        " doctor "*"--report"[\ =]*) fail "assize doctor --report writes a file, and this one changes none" \
            "Call $OWN doctor, which make demo has built." ;;
    esac
}

[ -f .env ] || fail "the services were never started here: there is no .env" "Start them with:  make demo"
[ $# -gt 0 ] || set -- --help
refuse_what_writes "$@"
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
