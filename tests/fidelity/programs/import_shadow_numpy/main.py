# A file called numpy.py takes the place of the library.
import sys
import numpy
print(numpy.MINE, numpy.__file__, [name for name in sys.modules if name.startswith("numpy")])
