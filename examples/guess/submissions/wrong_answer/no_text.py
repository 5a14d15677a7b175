# Bytes that are no UTF-8 are an answer like any other to the validator.
import sys

sys.stdout.buffer.write(b"\x80\xff 1\n")
