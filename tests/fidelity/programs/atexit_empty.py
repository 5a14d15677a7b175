# Nobody else has registered a handler.
import atexit
print(atexit._ncallbacks())
