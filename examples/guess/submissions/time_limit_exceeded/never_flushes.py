# @EXPECTED_RESULTS@: TIMELIMIT
# Its question stays in a buffer: both wait for ever.
import sys

print(500)
print("and the answer was", sys.stdin.readline())
