# A matrix from standard input.
import sys, numpy as np
data = np.loadtxt(sys.stdin)
print(data.shape, data.sum(axis=0), np.fromstring("1 2 3", sep=" "))
