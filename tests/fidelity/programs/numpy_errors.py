# Errors of numpy that are exceptions.
# ends: exit 1
import numpy as np
with np.errstate(all="raise"):
    np.array([1.0]) / 0
