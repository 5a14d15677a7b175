# Descriptors 0 to 2 can be opened again.
import os, sys
with open(1, "w", closefd=False, buffering=1) as out:
    out.write("again\n")
with os.fdopen(os.dup(1), "wb", 0) as out:
    out.write(b"a copy\n")
print(open(0).read() == "", file=sys.stderr)
