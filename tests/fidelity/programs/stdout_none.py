# Without a standard output print does nothing.
import sys
sys.stdout = None
print("nothing")
sys.stderr.write("done\n")
