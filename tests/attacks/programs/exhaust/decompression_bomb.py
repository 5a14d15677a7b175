# technique: a small stream that unpacks to gigabytes: zlib in zlib, lzma, a zip in memory
# source: "zip bomb", 42.zip
# verdict: TLE MLE
# invariant: what is unpacked is memory
# without: seccomp capabilities
import zlib

packer = zlib.compressobj(9)
packed = b"".join(packer.compress(bytes(1 << 24)) for _ in range(64)) + packer.flush()
print(len(packed), flush=True)
print(len(zlib.decompress(packed)))
