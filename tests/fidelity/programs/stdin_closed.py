# Reading from a standard input that was closed.
# ends: exit 1
import sys
sys.stdin.close()
print(sys.stdin.closed)
input()
