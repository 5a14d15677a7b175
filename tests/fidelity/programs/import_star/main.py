# import * brings what __all__ says.
from stars import *
print(sorted(name for name in globals() if not name.startswith("__")))
