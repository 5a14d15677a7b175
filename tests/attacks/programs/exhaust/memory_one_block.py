# technique: one block larger than the limit, touched page by page
# source: overcommit: vm/overcommit_memory
# verdict: MLE
# invariant: what is touched counts
# without: seccomp capabilities
import mmap

block = mmap.mmap(-1, 1 << 33)
for at in range(0, len(block), 4096):
    block[at] = 1
