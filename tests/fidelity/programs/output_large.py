# A megabyte of output.
import sys
for number in range(30_000): print(number, "x" * 30)
sys.stderr.write("y" * 60_000 + "\n")
