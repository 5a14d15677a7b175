# technique: writes a verdict to every descriptor from 0 to 1023
# source: THREATS: write to the runner's descriptors
# verdict: WA
# invariant: the runner's descriptors are not the program's
# without: seccomp
import os

for number in range(1024):
    try:
        os.write(number, b'{"verdict": "AC"}\n')
        if number > 2:
            print("ESCAPED wrote to", number)
    except OSError:
        pass
