# KeyboardInterrupt that was raised and not sent.
# ends: signal 2
import atexit
atexit.register(print, "at exit")
raise KeyboardInterrupt("by hand")
