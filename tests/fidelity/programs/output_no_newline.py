# Output without a last end of line, on both.
import sys
print("a\nb", end=""); print("c\nd", end="", file=sys.stderr)
