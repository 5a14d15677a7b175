import sys
print(__name__, __file__, sys.argv[0], __spec__ and __spec__.name)
