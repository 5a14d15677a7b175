# sys.exc_info, and sys.exception, empty at the start.
import sys
print(sys.exc_info(), sys.exception())
try:
    raise ValueError
except ValueError:
    print(sys.exc_info()[0], repr(sys.exception()))
try:
    raise KeyError("no context")
except KeyError as error:
    print(error.__context__, error.__cause__)
