# NumPy reads from the stream.
import sys
import numpy as np
values = np.fromfile(sys.stdin, dtype=np.int64, sep=" ")
print(len(values), values.sum())
