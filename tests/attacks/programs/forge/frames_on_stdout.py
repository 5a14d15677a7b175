# technique: prints frames of the runner's protocol: a clean exit, no CPU time, no memory
# source: THREATS: print the judge's frames; DMOJ and others parsed what the sandbox printed
# verdict: WA
# invariant: standard output is data inside a frame and never a frame
# without: seccomp
import os, struct

for kind in range(16):
    for body in (b"", bytes(64), b"\x00\x00\x01" + bytes(40)):
        for length in (len(body), len(body) + 1, 0, 2**32 - 1):
            os.write(1, struct.pack("<I", length) + bytes([kind]) + body)
            os.write(1, struct.pack("<IB", length, kind) + body)
