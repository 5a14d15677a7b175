# Each stream keeps its own order, and standard error is not held back.
import sys, os
print("one"); print("two", file=sys.stderr); os.write(1, b"three\n"); os.write(2, b"four\n")
sys.stderr.write("five"); os.write(2, b" six\n")
