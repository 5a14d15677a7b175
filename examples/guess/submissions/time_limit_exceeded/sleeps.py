# @EXPECTED_RESULTS@: TIMELIMIT
# Uses no CPU time at all: the limit on the wall ends it.
import time

print(500, flush=True)
time.sleep(600)
