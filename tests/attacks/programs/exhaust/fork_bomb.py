# technique: every process forks without end
# source: fork(2), the classic bomb
# verdict: TLE
# invariant: the limit of processes stops it at 32, and all of them are gone before the next test
# without: seccomp capabilities
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
