# technique: as much output as is allowed, on both streams, without a line break
# source: THREATS: huge single line
# verdict: WA
# invariant: a line as long as the whole output is compared in constant memory
# without: seccomp capabilities
import os, sys

sys.stdout.write("1" * 60000)
sys.stdout.flush()
os.write(2, b"2" * 60000)
