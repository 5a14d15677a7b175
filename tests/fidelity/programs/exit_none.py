# SystemExit without anything.
import sys
print("out", end="")
sys.exit()
