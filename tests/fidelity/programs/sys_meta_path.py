# The finders and hooks of the import system.
import sys
print(sys.meta_path, [getattr(hook, "__qualname__", hook) for hook in sys.path_hooks])
