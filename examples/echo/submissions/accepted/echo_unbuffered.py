import os

while (line := os.read(0, 100)) != b"bye\n":
    os.write(1, line)
