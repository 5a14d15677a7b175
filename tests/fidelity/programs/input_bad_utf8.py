# Input that is no UTF-8 keeps its bytes as surrogates or is refused.
import sys
print(sys.stdin.errors, ascii(sys.stdin.read()))
