# technique: children rename directories back and forth while the test ends
# source: rename(2) races, CVE-2018-15664
# verdict: WA
# invariant: the clearing begins when no process is left
# without: seccomp capabilities
import os

os.makedirs("/tmp/a/b/c")
print("held", flush=True)
for _ in range(8):
    if os.fork() == 0:
        while True:
            for old, new in (("/tmp/a/b", "/tmp/z"), ("/tmp/z", "/tmp/a/b"), ("/tmp/a", "/tmp/y"), ("/tmp/y", "/tmp/a")):
                try:
                    os.rename(old, new)
                except OSError:
                    pass
