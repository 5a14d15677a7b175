# A traceback through pandas.
# ends: exit 1
import pandas as pd
frame = pd.DataFrame({"a": [1, 2]})
frame["b"]
