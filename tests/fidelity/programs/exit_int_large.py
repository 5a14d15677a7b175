# Of a large number the low eight bits count.
# ends: exit 44
import sys
sys.exit(300)
