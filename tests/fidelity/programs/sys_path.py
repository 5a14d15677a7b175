# The import path and what has been found on it.
import sys
print(sys.path)
print(sys.path_importer_cache.keys())
print([type(finder).__name__ for finder in sys.path_importer_cache.values()])
