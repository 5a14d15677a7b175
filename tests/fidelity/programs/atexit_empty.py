# No other handler is registered.
import atexit
print(atexit._ncallbacks())
