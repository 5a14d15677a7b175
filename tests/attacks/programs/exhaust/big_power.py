# technique: 9**9**9, and 2**2**40
# source: THREATS: 9**9**9
# verdict: TLE MLE
# invariant: C code that never looks up is stopped by the runner
# without: seccomp capabilities
number = int("9")
print(len(str(number**number**number)))
