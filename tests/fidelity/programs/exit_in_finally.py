# An exit in a finally clause takes the place of an exception.
# ends: exit 6
import sys
try:
    1 / 0
finally:
    sys.exit(6)
