# The input is read again from its start, and from a place in it.
import sys
first = sys.stdin.readline()
place = sys.stdin.tell()
rest = sys.stdin.read()
print(sys.stdin.seekable(), place, len(rest), sys.stdin.seek(0), sys.stdin.read() == first + rest)
sys.stdin.seek(place)
print(sys.stdin.read() == rest)
buffer = sys.stdin.buffer
print(buffer.seek(-5, 2), buffer.read(), buffer.seek(0), buffer.peek(4)[:4], buffer.raw.seekable())
