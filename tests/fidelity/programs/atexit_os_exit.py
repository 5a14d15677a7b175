# A handler that ends at once: what was printed before is flushed already.
# ends: exit 8
import atexit, os
print("seen")
atexit.register(print, "never")
atexit.register(os._exit, 8)
