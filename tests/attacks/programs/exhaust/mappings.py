# technique: as many mappings as the kernel allows, each of one page
# source: vm.max_map_count
# verdict: WA TLE MLE
# invariant: mappings are bounded, and their tables count as memory
# without: seccomp capabilities
import mmap

pages = []
try:
    while len(pages) < 200000:
        pages.append(mmap.mmap(-1, 4096, prot=mmap.PROT_READ if len(pages) % 2 else mmap.PROT_READ | mmap.PROT_WRITE))
except (OSError, MemoryError) as refused:
    print("held", refused, len(pages))
print("held")
