# technique: tokens that a lax comparison could take for anything: nan, inf, huge and empty numbers
# source: default validators: float_tolerance; IEEE 754 comparisons with NaN
# verdict: WA
# invariant: a token is right when it is the one that is wanted
# without: seccomp
print(*["nan", "NaN", "-inf", "1e999", "0x1p5", "1_000", "\u0661", "\0", "\x0b", "", "*", ".*", "%s", "{}"], sep="\n")
