# os.abort.
# ends: signal 6
import os
print("lost")
os.abort()
