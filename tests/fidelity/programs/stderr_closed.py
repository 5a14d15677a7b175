# A traceback that cannot be written.
# ends: exit 120
import os
print("out")
os.close(2)
1 / 0
