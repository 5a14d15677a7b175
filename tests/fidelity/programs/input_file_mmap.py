# The input is mapped, for reading and as a copy, and not for writing.
import mmap
with mmap.mmap(0, 0, access=mmap.ACCESS_READ) as data:
    print(len(data), data.find(b"\n"), data[:5], sum(map(int, data[:].split())))
    line = data.readline
    print(line(), line())
with mmap.mmap(0, 0, access=mmap.ACCESS_COPY) as copy:
    copy[0:1] = b"x"
    print(copy[:5])
try:
    mmap.mmap(0, 0)
except OSError as error:
    print(error)
