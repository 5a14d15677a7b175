# The input cannot be written or cut, and a fresh descriptor begins at its start.
import os
os.read(0, 3)
for attempt in (lambda: os.write(0, b"x"), lambda: os.ftruncate(0, 0), lambda: os.posix_fallocate(0, 0, 1 << 20)):
    try:
        attempt()
        print("done")
    except OSError as error:
        print(error)
print(os.lseek(0, 0, os.SEEK_CUR), os.read(os.open("/dev/stdin", os.O_RDONLY), 4), os.pread(0, 4, 0))
