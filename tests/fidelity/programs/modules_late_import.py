# A library that is imported in the middle is loaded then, and not before.
import sys
print("numpy" in sys.modules, "numpy.linalg" in sys.modules)
def later():
    import numpy
    return numpy.arange(3).sum()
print(later(), "numpy" in sys.modules)
if False:
    import pandas
print("pandas" in sys.modules)
