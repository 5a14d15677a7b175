# technique: shared anonymous memory, which no rusage of a process counts
# source: mmap(2), MAP_SHARED
# verdict: MLE
# invariant: shared memory counts as memory of the box
# without: seccomp capabilities
import mmap, os

blocks = []
while True:
    block = mmap.mmap(-1, 8 << 20)
    block.write(os.urandom(8 << 20))
    blocks.append(block)
