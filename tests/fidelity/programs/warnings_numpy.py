# Warnings of numpy.
import numpy as np
print(np.array([1.0, -1.0]) / 0)
print(np.log(np.array([0.0, -1.0])), np.geterr())
print(np.int8(127) + np.int8(1))
