# A finalizer that writes to the first buffer when another stream is in its place.
import io
import sys

out = sys.stdout.buffer
sys.stdout = io.TextIOWrapper(io.BytesIO(), write_through=True)
print(1, 2, 3)
out.write(sys.stdout.buffer.getvalue())


class Late:
    def __del__(self, out=out):
        out.write(b"late\n")


late = Late()
