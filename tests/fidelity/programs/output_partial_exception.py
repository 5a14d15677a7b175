# Output in a buffer is written when an exception ends the program.
# ends: exit 1
import sys
print("no end of line", end="")
sys.stdout.buffer.write(b"bytes")
raise ValueError
