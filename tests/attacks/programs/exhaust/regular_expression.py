# technique: a regular expression that backtracks exponentially
# source: OWASP: ReDoS
# verdict: TLE
# invariant: the interpreter's lock is held the whole time, and the runner does not need it
# without: seccomp capabilities
import re

print(re.match(r"(a+)+$|(a|aa)+$|(a|a?)+$", "a" * 60 + "b"))
