# The stream that a program has put aside has what was written to it, without a flush.
import io
import sys

real = sys.stdout
sys.stdout = io.StringIO()
print("caught")
real.write(sys.stdout.getvalue())
