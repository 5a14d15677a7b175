# The buffer of standard output under a new stream.
import io
import sys

sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="utf-8", newline="\n")
print("grüße")
