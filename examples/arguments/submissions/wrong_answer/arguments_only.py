import sys

print(*sys.argv[1:], sep="\n")
