# A stream of the program's own that cannot be flushed.
# ends: exit 120
import sys


class Tee:
    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        self.stream.write(text)


sys.stdout = Tee(sys.stdout)
print("tee")
