# A stream that nobody holds any more is closed, and what it had is written, while the program runs.
import os
import sys
import weakref

stream = sys.stdout
sys.stdout = sys.__stdout__ = None
freed = weakref.ref(stream, lambda _stream: os.write(2, b"freed\n"))
stream.write("written\n")
del stream
os.write(2, b"goes on\n")
