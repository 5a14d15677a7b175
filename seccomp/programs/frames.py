"""pandas: reading, grouping, joining, dates, writing."""
import io

import pandas as pd

table = pd.read_csv(io.StringIO("name,n,at\na,1,2024-01-01\nb,2,2024-02-01\na,3,2024-03-01\n"), parse_dates=["at"])
print(table.groupby("name").n.sum().to_dict(), table.merge(table, on="name").shape)
print(table.set_index("at").n.resample("YE").sum().tolist(), table["at"].dt.tz_localize("UTC").dt.year.tolist())
print(table.to_csv(index=False).splitlines()[0], len(table.to_json()), table.describe().shape)
print(table)
