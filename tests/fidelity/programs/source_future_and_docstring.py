# A docstring, then a future import, then more.
"""Documentation."""
from __future__ import annotations, division
print(__doc__, annotations, __annotations__)
