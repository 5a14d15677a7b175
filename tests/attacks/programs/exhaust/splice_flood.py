# technique: output that is no write: splice and sendfile from a file into standard output, where they are allowed
# source: splice(2), sendfile(2)
# verdict: OLE
# invariant: bytes are counted where they arrive
# without: seccomp capabilities
import os

file = os.open("/tmp/large", os.O_CREAT | os.O_RDWR)
os.write(file, bytes(1 << 20))
while True:
    for flood in (
        lambda: os.sendfile(1, file, 0, 1 << 20),
        lambda: os.splice(file, 1, 1 << 16, offset_src=0),
        lambda: os.write(1, bytes(1 << 16)),
    ):
        try:
            flood()
        except OSError:
            pass
