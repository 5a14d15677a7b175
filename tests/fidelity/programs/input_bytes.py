# Bytes that are no text, and how they are read.
import sys
data = sys.stdin.buffer.read()
print(len(data), data)
