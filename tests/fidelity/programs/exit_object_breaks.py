# SystemExit with an object that has no text.
# ends: exit 1
import sys
class Thing:
    def __str__(self): raise ValueError("no text")
sys.exit(Thing())
