# technique: the program runs its own source in itself, for ever
# source: quines
# verdict: RTE MLE TLE OLE
# invariant: recursion by exec is recursion
# without: seccomp
exec(open(__file__).read())
