# Options of pandas are untouched.
import pandas as pd, os, threading
print([(name, pd.get_option(name)) for name in ("display.max_rows", "display.width", "display.precision", "mode.chained_assignment", "mode.copy_on_write")], pd.__version__)
print(threading.active_count(), len(os.listdir("/proc/self/task")))
pd.set_option("display.precision", 2); print(pd.Series([1 / 3]))
