# technique: an exception whose message is megabytes, with a chain of causes
# source: THREATS: huge traceback
# verdict: OLE
# invariant: the start and the end are kept
# without: seccomp capabilities
error = ValueError("x" * (1 << 20))
for _ in range(200):
    cause, error = error, ValueError("y" * 1000)
    error.__cause__ = cause
raise error
