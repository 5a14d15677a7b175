# technique: exits with 42, which means "right" where a validator says it
# source: Kattis problem package format: exit codes of validators
# verdict: RTE
# invariant: the exit code of a submission is no opinion
# without: seccomp
raise SystemExit(42)
