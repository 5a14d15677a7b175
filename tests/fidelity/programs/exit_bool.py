# True is a number.
# ends: exit 1
import sys
sys.exit(True)
