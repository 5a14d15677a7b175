import pandas as pd

input()
print(pd.Series([float(word) for word in input().split()]).mean())
