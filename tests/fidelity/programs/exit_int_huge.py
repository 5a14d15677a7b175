# A number that fits no C integer.
# ends: exit 255
import sys
sys.exit(1 << 80)
