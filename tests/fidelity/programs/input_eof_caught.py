# input() at the end of the input, caught.
import sys
try:
    input()
except EOFError as error:
    print(error)
print(repr(sys.stdin.read()), repr(sys.stdin.readline()), list(sys.stdin))
