# A module that fails is not there afterwards, and is run again.
import sys
for _ in range(2):
    try: import fails
    except ValueError as error: print(error, "fails" in sys.modules)
