# A warning of pandas: its place is in the program.
import pandas as pd
frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
part = frame[frame.a > 1]
part["b"] = 0
print(frame.to_numpy().tolist())
frame.loc[0, "a"] = "text"
