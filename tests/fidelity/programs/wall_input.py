# Killed while it waits for a pipe without a writer.
# wall: 2
# ends: signal 9 by the wall limit
import os
print(input("first> "), flush=True)
reader, writer = os.pipe()
os.read(reader, 1)
