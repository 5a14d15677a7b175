# Caches of the library are empty at the start.
import functools, linecache, struct, fnmatch, sys
print(linecache.cache, fnmatch._compile_pattern.cache_info(), sys.path_importer_cache.get("/work") is None or True)
import decimal, random, copyreg, warnings
print(len(copyreg.dispatch_table), copyreg._extension_registry, warnings.onceregistry)
