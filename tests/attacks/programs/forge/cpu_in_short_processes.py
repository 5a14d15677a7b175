# technique: work in processes that each end after a moment, so that sampling does not see them
# source: "below the tick": jiffies accounting, CVE-like reports of time theft
# verdict: TLE
# invariant: the control group counts every nanosecond
# without: seccomp
import os

while True:
    child = os.fork()
    if child == 0:
        sum(range(20000))
        os._exit(0)
    os.waitpid(child, 0)
