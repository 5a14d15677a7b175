# What pandas brings with it.
import sys
before = set(sys.modules)
import pandas
print(sorted(name for name in sys.modules if name not in before))
