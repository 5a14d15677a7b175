# technique: very many record locks on one file
# source: fcntl(2), RLIMIT_LOCKS
# verdict: TLE WA
# invariant: locks are memory of the kernel that counts, and go with their process
# without: seccomp capabilities
import fcntl

made = 0
with open("/tmp/locked", "wb") as file:
    file.truncate(1 << 24)
    try:
        for at in range(0, 60000, 2):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, at)
            made += 1
    except OSError as refused:
        print("held", refused)
print("held", made)
