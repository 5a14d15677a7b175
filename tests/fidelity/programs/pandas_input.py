# A table from standard input.
import sys, pandas as pd
frame = pd.read_csv(sys.stdin, parse_dates=["day"])
print(frame, frame.day.dt.dayofweek.tolist(), frame.set_index("day").resample("MS").value.sum(), sep="\n")
