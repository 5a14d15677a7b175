# SystemExit with a number.
# ends: exit 7
import sys
print("out")
sys.exit(7)
