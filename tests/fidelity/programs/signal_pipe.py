# A pipe without a reader is an error, since SIGPIPE is ignored.
import os
reader, writer = os.pipe()
os.close(reader)
try:
    os.write(writer, b"x")
except BrokenPipeError as error:
    print(repr(error))
