# Names of temporary files differ.
# differs
import tempfile
print(tempfile.mktemp())
