# technique: files with names that a careless wipe misses: dots, line ends, bytes that are no text, 255 bytes
# source: rm(1), shell globs
# verdict: WA
# invariant: names do not matter to the wipe
# without: seccomp capabilities
import os

names = [b".left", b"..left", b"...", b"left\nleft", b"\xff\xfeleft", b"*", b"-rf", b" ", b"l" * 255, b".wipe-1", b".wipe-2", b".wipe-3"]
for place in (b"/tmp", b"/work", b"/dev/shm"):
    there = set(os.listdir(place)) & set(names)
    if there:
        print("LEAKED", place, there)
    for name in names:
        os.makedirs(place + b"/" + name + b"/.wipe-1/.wipe-2", exist_ok=True)
print("held")
