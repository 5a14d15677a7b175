# input() and the buffer share what was read ahead.
import sys
print(input(), repr(sys.stdin.buffer.readline()), repr(sys.stdin.read()))
