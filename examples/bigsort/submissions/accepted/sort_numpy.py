import sys

import numpy as np

numbers = np.array(sys.stdin.buffer.read().split()[1:], dtype=np.int64)
numbers.sort()
sys.stdout.write("\n".join(map(str, numbers.tolist())) + "\n")
