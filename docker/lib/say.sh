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

# Runs a long command out of sight and shows what it wrote only when it fails. A person at a terminal sees how long
# it has taken and its last line.
# usage: quietly WHAT COMMAND...
quietly() {
    local what=$1 log started=$SECONDS
    shift
    log=$(mktemp)
    start "$log" "$@"
    tell_end "$what" "$STARTED" "$log" "$started"
}

# The first half of quietly: the command runs beside what follows until `finish`. One at a time.
# usage: begin WHAT COMMAND...
begin() {
    BEGUN=$1 BEGUN_LOG=$(mktemp) BEGUN_AT=$SECONDS
    shift
    start "$BEGUN_LOG" "$@"
    BEGUN_GROUP=$STARTED
}

# The other half: waits, and says what became of the command.
finish() {
    tell_end "$BEGUN" "$BEGUN_GROUP" "$BEGUN_LOG" "$BEGUN_AT"
}

# Sets STARTED to the process group of the command, which ends as a whole when this script does.
# usage: start LOG COMMAND...
start() {
    local log=$1
    shift
    set -m
    { "$@" || exit $?; } >"$log" 2>&1 </dev/null &
    STARTED=$!
    set +m
    RUNNING="${RUNNING:-} $STARTED"
    trap stop_running EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# What a script that was begun does last in any case: the name of a function of its own.
AT_EXIT=''

stop_running() {
    local group
    for group in $RUNNING; do
        kill -- "-$group" 2>/dev/null || true
    done
    [ -z "$AT_EXIT" ] || "$AT_EXIT"
}

# usage: tell_end WHAT GROUP LOG STARTED-AT
tell_end() {
    local what=$1 group=$2 log=$3 started=$4 status=0
    printf '    %s ... ' "$what"
    [ ! -t 1 ] || show_progress "$@"
    wait "$group" || status=$?
    RUNNING=${RUNNING/ $group/}
    if [ "$status" -eq 0 ]; then
        printf '%sdone in %s s%s\n' "$DIM" $((SECONDS - started)) "$PLAIN"
        rm -f "$log"
        return
    fi
    printf '%sfailed%s\n\n' "$RED" "$PLAIN"
    tail -n 40 "$log" >&2
    printf '\n' >&2
    fail "$what failed; the end of its output is above, all of it is in $log"
}

# Until the command ends: the seconds since its start, and as much of its last line as fits.
show_progress() {
    local what=$1 group=$2 log=$3 started=$4 columns room last
    columns=$(tput cols 2>/dev/null || echo 80)
    # A line that is wider than the terminal would be written anew below itself.
    what=$(shortened "$what" $((columns - 20)))
    room=$((columns - ${#what} - 20))
    while kill -0 "$group" 2>/dev/null; do
        last=''
        [ "$room" -lt 10 ] || last=$(shortened "$(last_line "$log")" "$room")
        printf '\r    %s ... %s%s s  %s%s\033[K' "$what" "$DIM" $((SECONDS - started)) "$last" "$PLAIN"
        sleep 1
    done
    printf '\r    %s ... \033[K' "$what"
}

# The last line of a log that is written to its end, without what a terminal would obey.
# usage: last_line LOG
last_line() {
    local text
    # The mark keeps line ends; some programs begin a line anew with a carriage return.
    text=$(tail -c 4096 "$1" | LC_ALL=C tr '\r' '\n'; printf '|')
    case $text in
        *$'\n'*) text=${text%$'\n'*} ;;
        *) text='' ;;
    esac
    printf '%s' "${text##*$'\n'}" | LC_ALL=C tr -cd '\40-\176'
}

# A text that has so many columns at most. A longer one ends with an ellipsis, behind a whole word where it has one.
# usage: shortened TEXT COLUMNS
shortened() {
    local text=$1 room=$2 kept
    text=${text#"${text%%[! ]*}"}
    if [ "${#text}" -gt "$room" ]; then
        kept=${text:0:room-1}
        case ${text:room-1:1}$kept in
            ' '*) ;;
            *' '*) kept=${kept% *} ;;
        esac
        text="${kept%"${kept##*[! ]}"}…"
    fi
    printf '%s' "$text"
}
