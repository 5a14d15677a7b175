# A module that does not compile.
# ends: exit 1
print("before")
import broken
