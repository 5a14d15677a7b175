# The same with standard error, and the layers below it.
import os
import sys
import weakref

stream = sys.stderr
sys.stderr = sys.__stderr__ = None
refs = [
    weakref.ref(part, lambda _part, name=name: os.write(1, name))
    for part, name in ((stream, b"text\n"), (stream.buffer, b"buffer\n"), (stream.buffer.raw, b"raw\n"))
]
stream.write("written\n")
del stream
os.write(1, b"goes on\n")
