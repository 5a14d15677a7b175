# Without a standard input.
# ends: exit 1
import sys
sys.stdin = None
input()
