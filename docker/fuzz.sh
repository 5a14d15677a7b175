#!/usr/bin/env bash
# Throws bytes at everything that reads bytes of strangers: the protocol from both sides, messages, packages.
#
#   docker/fuzz.sh [SECONDS]    for each target; 60 without it
#   TARGETS="submission"        only these
#
# What crashes a target is kept below fuzz/artifacts, and found again by: cargo fuzz run TARGET FILE
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh

main() {
    local seconds=${1:-60} target
    command -v cargo-fuzz >/dev/null || fail "cargo-fuzz is not installed here" "cargo install cargo-fuzz"
    # The sanitizer's flags are not stable yet; this toolchain has them all the same.
    export RUSTC_BOOTSTRAP=1
    for target in ${TARGETS:-commands reports submission package}; do
        step "Fuzzing: $target, for $seconds s"
        mkdir -p "fuzz/corpus/$target"
        seed "$target"
        cargo fuzz run "$target" -- -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -timeout=10 -print_final_stats=1
    done
}

# What is right already, for the fuzzer to spoil.
seed() {
    case $1 in
        submission) cp docs/examples/submission-*.json fuzz/corpus/submission/ ;;
        package)
            local yaml
            for yaml in examples/*/problem.yaml; do
                printf '\001%s' "$(cat "$yaml")" >"fuzz/corpus/package/$(basename "$(dirname "$yaml")")"
            done
            ;;
    esac
}

main "$@"
