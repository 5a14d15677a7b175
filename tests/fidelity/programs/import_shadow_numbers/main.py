# A file named like a module that numpy needs breaks numpy.
# ends: exit 1
import math
print(math.floor(1.5))
import numpy
