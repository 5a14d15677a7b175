# A future import that comes too late.
# ends: exit 1
x = 1
from __future__ import annotations
