# numpy with a seed.
import numpy as np
np.random.seed(1)
print(np.random.rand(3), np.random.randint(0, 100, 5), np.random.permutation(6), np.random.normal())
print(np.random.default_rng(42).random(3), np.random.RandomState(3).rand(2))
