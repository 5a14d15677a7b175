# A sample of a frame without a seed.
# differs
import pandas as pd
print(pd.Series(range(10_000)).sample(5).tolist())
