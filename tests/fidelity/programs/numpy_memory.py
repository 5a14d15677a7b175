# Memory that numpy cannot get.
# ends: exit 1
import numpy as np
np.ones(1 << 44)
