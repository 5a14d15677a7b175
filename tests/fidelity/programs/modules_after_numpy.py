# What numpy brings with it, in the order in which it comes.
import sys
before = set(sys.modules)
import numpy
print([name for name in sys.modules if name not in before])
