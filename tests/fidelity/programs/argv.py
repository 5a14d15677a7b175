# Arguments reach the program as they were given.
# args: one -v --long=2 3
import sys
print(sys.argv, sys.orig_argv)
