import sys

numbers = sorted(map(int, sys.stdin.buffer.read().split()[1:]))
sys.stdout.write("\n".join(map(str, numbers[:-1])) + "\n")
