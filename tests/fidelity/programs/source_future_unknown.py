# A future that is not known.
# ends: exit 1
from __future__ import braces
