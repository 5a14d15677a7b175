# The state of numpy's old generator differs from the first moment on.
# differs
import numpy as np
print(np.random.get_state()[1][:5])
