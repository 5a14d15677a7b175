# numpy without a seed.
# differs
import numpy as np
print(np.random.rand(4))
