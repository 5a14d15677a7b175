# What is behind a stream that was taken apart.
# ends: exit 120
import sys

print("before")
buffer = sys.stdout.detach()
buffer.write(b"behind\n")
