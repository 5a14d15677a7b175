# Options of numpy are untouched.
import numpy as np
print(sorted(np.get_printoptions().items(), key=str), np.geterrcall(), np.getbufsize(), np.__version__)
import warnings
print([entry for entry in warnings.filters if "numpy" in str(entry)])
