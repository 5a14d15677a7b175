"""The least that every program does: start, read, write, end."""
import sys

total = sum(int(word) for word in sys.stdin.read().split())
print(total, file=sys.stdout)
print("done", file=sys.stderr)
