# A segmentation fault: what was printed and not flushed is lost.
# ends: signal 11
import ctypes, sys
print("lost")
sys.stderr.write("seen\n")
ctypes.string_at(0)
