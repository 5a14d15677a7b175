# technique: reads every file of the image, so that the host's cache is full
# source: THREATS: page cache; thrashing of neighbours
# verdict: WA TLE
# invariant: cache is the box's own memory and is dropped first
# without: seccomp capabilities
import os

total = 0
for directory, _, names in os.walk("/usr"):
    for name in names:
        try:
            with open(os.path.join(directory, name), "rb") as file:
                total += len(file.read())
        except OSError:
            pass
print("held", total)
