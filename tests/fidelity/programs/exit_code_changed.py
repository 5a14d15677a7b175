# The code of a SystemExit can be changed on its way.
# ends: exit 5
import sys
try:
    sys.exit(1)
except SystemExit as error:
    error.code = 5
    raise
