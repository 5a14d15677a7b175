# Strings are interned as always.
import sys
a = "".join(["inter", "ned"])
print(sys.intern(a) is sys.intern("interned"), "interned" is sys.intern(a), sys.intern("never seen before") == "never seen before")
