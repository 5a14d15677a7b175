# The names in sys at the start.
import sys
print(sorted(vars(sys)))
