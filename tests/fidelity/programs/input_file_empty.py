# An input without a byte is an empty file.
# ends: exit 1
import mmap, os, sys
print(os.fstat(0).st_size, os.read(0, 10), sys.stdin.seek(0), repr(sys.stdin.read()))
mmap.mmap(0, 0, access=mmap.ACCESS_READ)
