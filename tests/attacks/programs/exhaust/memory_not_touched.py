# technique: terabytes that are reserved and never touched
# source: mmap(2), MAP_NORESERVE
# verdict: WA
# invariant: addresses cost nothing: this is no memory
# without: seccomp capabilities
import mmap

spaces = []
try:
    while len(spaces) < 64:
        spaces.append(mmap.mmap(-1, 1 << 36, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_NORESERVE))
except (OSError, MemoryError) as refused:
    print(refused)
print("held", len(spaces))
