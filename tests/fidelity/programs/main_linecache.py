# linecache knows the lines of the program.
import linecache
print(repr(linecache.getline(__file__, 1)), linecache.checkcache(), len(linecache.getlines(__file__)), list(linecache.cache))
