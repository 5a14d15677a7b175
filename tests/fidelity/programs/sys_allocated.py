# Memory that the interpreter has given out at the start.
import sys
print(sys.getallocatedblocks() < 60_000, sys.getunicodeinternedsize() < 20_000)
