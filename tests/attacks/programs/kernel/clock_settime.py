# technique: clock_settime of the real clock, by Python's own function
# source: clock_settime(2)
# verdict: SV
# invariant: the clock of the host goes on
# without: seccomp capabilities
import time

try:
    time.clock_settime(time.CLOCK_REALTIME, time.time())
    print("ESCAPED")
except OSError as refused:
    print("held", refused)
