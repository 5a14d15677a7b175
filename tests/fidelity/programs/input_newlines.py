# All line ends are one when read as text.
import sys
print(ascii(sys.stdin.read()), sys.stdin.newlines)
