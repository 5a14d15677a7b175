import sys

import numpy as np

print(int(np.array(sys.stdin.read().split(), dtype=np.int64).sum()))
