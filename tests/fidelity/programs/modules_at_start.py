# sys.modules at the start: what an interpreter loads for itself, nothing else.
import sys
print(sorted(sys.modules))
