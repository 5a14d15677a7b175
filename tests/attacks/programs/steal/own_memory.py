# technique: the program's own memory, which was the zygote's: heap, stack, freed blocks, everything that is mapped
# source: Heartbleed; white box: a test is a fork
# verdict: WA TLE
# invariant: the zygote never held an answer, another test or the worker's settings
# without: seccomp capabilities network read_only_root
import re

pattern = re.compile(b"-YRANAC-EZISSA"[::-1] + rb"\w{3,40}")
hits = []
with open("/proc/self/mem", "rb", buffering=0) as memory:
    for line in open("/proc/self/maps").read().splitlines():
        span, rights, *_ = line.split()
        start, end = (int(word, 16) for word in span.split("-"))
        if "r" in rights and "[v" not in line:
            try:
                for at in range(start, end, 1 << 22):
                    memory.seek(at)
                    hits += pattern.findall(memory.read(min(1 << 22, end - at)))
            except (OSError, OverflowError, ValueError):
                pass
print(hits[:20] or "held")
