# A generator of numpy without a seed.
# differs
import numpy as np
print(np.random.default_rng().random(4))
