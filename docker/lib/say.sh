# shellcheck shell=bash
# What the scripts say to the person who runs them. Sourced, never run.

# Colours only where a person reads them (https://no-color.org).
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$(printf '\033[1m') DIM=$(printf '\033[2m') RED=$(printf '\033[31m') PLAIN=$(printf '\033[0m')
else
    BOLD='' DIM='' RED='' PLAIN=''
fi

step() {
    printf '%s==> %s%s\n' "$BOLD" "$*" "$PLAIN"
}

say() {
    printf '    %s\n' "$*"
}

# What is wrong in the first argument, then what to do, one line each.
fail() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}

# Runs a long command out of sight and shows what it wrote only when it fails.
# usage: quietly WHAT COMMAND...
quietly() {
    local what=$1 log started=$SECONDS
    shift
    log=$(mktemp)
    printf '    %s ... ' "$what"
    if "$@" >"$log" 2>&1; then
        printf '%sdone in %s s%s\n' "$DIM" $((SECONDS - started)) "$PLAIN"
        rm -f "$log"
        return
    fi
    printf '%sfailed%s\n\n' "$RED" "$PLAIN"
    tail -n 40 "$log" >&2
    printf '\n' >&2
    fail "$what failed; the end of its output is above, all of it is in $log"
}
