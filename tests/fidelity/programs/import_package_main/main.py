# A relative import in the main program is refused.
# ends: exit 1
print(__package__)
from . import other
