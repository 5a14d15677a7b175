# technique: empty files until there is no inode left
# source: THREATS: inodes
# verdict: WA TLE
# invariant: inodes have a cap, and the next test finds a clean place
# without: seccomp capabilities
import os

if os.listdir("/tmp"):
    print("LEAKED files")
made = 0
try:
    while True:
        os.close(os.open(f"/tmp/{made}", os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError as refused:
    print("held", refused, made)
