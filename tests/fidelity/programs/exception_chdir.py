# A traceback after the directory was changed.
# ends: exit 1
import os
os.chdir("/tmp")
print(__file__, os.path.exists(__file__))
1 / 0
