# sys.modules at the start, in the order in which they were loaded.
import sys
print(list(sys.modules))
