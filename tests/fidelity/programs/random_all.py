# All generators in one program: no one is seeded by another.
# differs
import random, numpy as np, pandas
print(random.random())
print(np.random.random())
print(np.random.default_rng().integers(1 << 60))
print(np.random.get_state()[1][:5])
print(np.random.RandomState().rand())
print(np.random.SeedSequence().entropy)
