# A stream that was taken apart cannot be flushed at the end, even if nothing is left to write.
# ends: exit 120
import sys

buffer = sys.stdout.detach()
buffer.write(b"behind\n")
buffer.flush()
