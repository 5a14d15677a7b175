# Files that were not closed are not told by default.
import sys
open("main.py")
print("done", sys.flags.dev_mode)
