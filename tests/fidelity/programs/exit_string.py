# SystemExit with a text: it goes to standard error.
# ends: exit 1
import sys
print("out")
sys.exit("what went wrong: ä")
