# technique: prints MemoryError on standard error and exits with 1, or with 0
# source: white box: the last line of a traceback decides between RTE and MLE
# verdict: MLE WA
# invariant: it changes one failure to another, and never into AC
# without: seccomp
import sys

number = int(open(0).readline().split()[1])
print("Traceback (most recent call last):\nMemoryError", file=sys.stderr)
sys.exit(number == 1)
