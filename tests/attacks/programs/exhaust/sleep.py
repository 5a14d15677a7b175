# technique: sleeps longer than the wall limit
# source: THREATS: wall-clock sleep
# verdict: TLE
# invariant: the wall limit ends it without CPU time
# without: seccomp capabilities
import time

while True:
    time.sleep(1000)
