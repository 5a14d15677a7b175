# SystemExit with an object: its text goes to standard error.
# ends: exit 1
import sys
class Thing:
    def __str__(self): return "a thing"
sys.exit(Thing())
