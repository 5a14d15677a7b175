#!/usr/bin/env bash
# Throws bytes at everything that reads bytes of strangers: the protocol from both sides, messages, packages, what goes
# into verdict documents, values that functions return, and requests to the Docker proxy.
#
#   docker/fuzz.sh [SECONDS]    for each target; 60 without it
#   TARGETS="submission"        only these
#
# It begins with the seeds below, with what earlier runs have found (fuzz/seeds/TARGET.tar.xz), and with what lies in
# fuzz/corpus. What a run adds is kept below fuzz/target/corpus, and what crashes a target below fuzz/artifacts; it is
# found again by: cargo fuzz run TARGET FILE
#
# To keep what a long run has found:  mkdir /tmp/TARGET && cargo fuzz run TARGET /tmp/TARGET fuzz/target/corpus/TARGET \
#     -- -merge=1 && tar -cJf fuzz/seeds/TARGET.tar.xz -C /tmp TARGET
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh

main() {
    local seconds=${1:-60} target seeds
    command -v cargo-fuzz >/dev/null || fail "cargo-fuzz is not installed here" "cargo install cargo-fuzz"
    # The sanitizer's flags are not stable yet; this toolchain has them all the same.
    export RUSTC_BOOTSTRAP=1
    for target in ${TARGETS:-commands reports submission package verdict proxy values}; do
        step "Fuzzing: $target, for $seconds s"
        seeds="fuzz/target/corpus/$target"
        mkdir -p "$seeds" "fuzz/corpus/$target"
        seed "$target"
        [ ! -e "fuzz/seeds/$target.tar.xz" ] ||
            tar -xJf "fuzz/seeds/$target.tar.xz" -C "$seeds" --strip-components=1
        cargo fuzz run "$target" "$seeds" "fuzz/corpus/$target" -- -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -timeout=10 -print_final_stats=1
    done
}

# What is right already, for the fuzzer to spoil.
seed() {
    case $1 in
        submission) cp docs/examples/submission-*.json "$seeds/" ;;
        package)
            local yaml
            for yaml in examples/*/problem.yaml; do
                printf '\001%s' "$(cat "$yaml")" >"$seeds/$(basename "$(dirname "$yaml")")"
            done
            ;;
        values)
            local line number=0
            while read -r line; do
                number=$((number + 1))
                printf '%s\n%s\n' "$line" "$line" >"$seeds/seed-$number"
            done <fuzz/seeds/values.jsonl
            ;;
        proxy)
            local box="assize-0123456789abcdef0123456789abcdef" id
            id=${box#assize-}${box#assize-}
            {
                printf 'POST /v1.41/containers/create?name=%s\n$@\001\0' "$box"
                printf 'POST /v1.41/containers/%s/attach\n\0POST /v1.41/containers/%s/start\n\0' "$box" "$id"
                printf 'POST /v1.41/containers/%s/update\n$\020\011\0DELETE /v1.41/containers/%s\n' "$id" "$id"
            } >"$seeds/a-box"
            {
                printf 'POST /containers/create?name=%s\n$ \004\0' "$box"
                printf 'POST /containers/create?name=%s\n$ \000\n/HostConfig/NetworkMode="container:%s"\n' \
                    "${box/0123/4567}" "$box"
                printf '/HostConfig/Binds=["/:/host"]\n/NetworkDisabled=false\n/Hostname=null\n'
            } >"$seeds/a-network"
            printf 'GET /_ping\n\0GET /v1.41/containers/json?filters={"label":["io.assize.boot"]}&all=1\n\0!%s' \
                $'GET /info HTTP/1.1\r\nHost: docker\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' >"$seeds/questions"
            ;;
    esac
}

main "$@"
