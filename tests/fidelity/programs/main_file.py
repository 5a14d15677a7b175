# What a program sees of itself: __file__, __name__, the path, the first argument.
import os, sys
print(__file__, __name__, sys.argv, sys.path[0], os.path.abspath(__file__))
if __name__ == "__main__":
    print("main")
