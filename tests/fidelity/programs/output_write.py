# What the ways to write return.
import os, sys
print(sys.stdout.write("abc\n"), sys.stdout.buffer.write(b"de\n"), os.write(1, b"f\n"))
