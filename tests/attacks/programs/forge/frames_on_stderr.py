# technique: prints frames of the runner's protocol on standard error, split at every byte
# source: THREATS: print the judge's frames
# verdict: WA
# invariant: standard error is kept and shown, and never understood
# without: seccomp
import os, struct

frame = struct.pack("<IB", 20, 4) + bytes(20)
for _ in range(30):
    for byte in frame:
        os.write(2, bytes([byte]))
os.write(1, frame * 10)
