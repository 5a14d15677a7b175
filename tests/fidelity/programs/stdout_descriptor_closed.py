# What waits in the buffer cannot be written any more: exit status 120.
# ends: exit 120
import os
print("lost")
os.close(1)
