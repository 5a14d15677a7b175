# Bytes and text on the same stream come in the order of the flushes.
import sys
sys.stdout.write("text\n")
sys.stdout.buffer.write(b"bytes \xff\x00\n")
sys.stdout.flush()
sys.stdout.buffer.write(b"more\n")
sys.stdout.buffer.flush()
print("last")
