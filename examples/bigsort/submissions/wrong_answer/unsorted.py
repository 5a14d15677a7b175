import sys

words = sys.stdin.buffer.read().split()
sys.stdout.buffer.write(b"\n".join(words[1:]) + b"\n")
