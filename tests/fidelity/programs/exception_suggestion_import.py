# A name in a module that is nearly right.
# ends: exit 1
from math import squrt
