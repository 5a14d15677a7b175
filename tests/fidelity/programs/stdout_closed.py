# Printing to a standard output that was closed.
# ends: exit 1
import sys
print("before")
sys.stdout.close()
print("after")
