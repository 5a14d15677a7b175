# The buffer below a stream that is gone has what was written to it.
import sys

buffer = sys.stdout.buffer
sys.stdout = None
buffer.write(b"5\n")
