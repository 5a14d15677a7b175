# One os.read takes all of an input that no pipe holds.
# repeat: 200
import os
data = os.read(0, 10**8)
print(len(data), os.read(0, 1), sum(map(int, data.split())))
