# A device that is full.
# ends: exit 120
import sys
sys.stdout = open("/dev/full", "w")
print("much")
sys.stdout.flush()
