# What handlers print is seen.
import atexit, sys
atexit.register(lambda: sys.stdout.write("no end of line"))
print("line")
