# Lines, with and without an end, in every way to read them.
import sys
print(repr(input()))
print(repr(sys.stdin.readline()))
print(next(sys.stdin))
print(sys.stdin.readlines(3))
print(repr(sys.stdin.read(4)))
print(repr(sys.stdin.buffer.read()))
print(repr(sys.stdin.read()))
