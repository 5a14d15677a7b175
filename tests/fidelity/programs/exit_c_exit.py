# exit() of the C library: Python does not get to flush.
# ends: exit 12
import ctypes
print("lost")
ctypes.CDLL(None).exit(12)
