# A small frame.
import pandas as pd
frame = pd.DataFrame({"name": ["a", "b", "a"], "value": [1, 2, 3.5]})
print(frame, frame.groupby("name").value.sum(), frame.describe(), frame.dtypes, sep="\n")
print(frame.sort_values("value", ascending=False).to_csv(index=False))
