# technique: one byte in every two megabytes of a huge space: memory for tables, not for data
# source: "page table bomb", CONFIG_MEMCG_KMEM
# verdict: MLE
# invariant: tables of pages count as memory of the box
# without: seccomp capabilities
import mmap

space = mmap.mmap(-1, 1 << 41, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_NORESERVE)
for at in range(0, len(space), 1 << 21):
    space[at : at + 1]
    space[at] = 1
