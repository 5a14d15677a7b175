# os.read sees bytes as they come, and an end.
import os
data = b""
while piece := os.read(0, 3):
    data += piece
print(data)
