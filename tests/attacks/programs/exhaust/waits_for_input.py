# technique: reads input that will never come, and opens a FIFO without a writer
# source: fifo(7)
# verdict: TLE
# invariant: the wall limit ends it
# without: seccomp capabilities
import os

os.mkfifo("/tmp/fifo")
open(0).read()
open("/tmp/fifo").read()
