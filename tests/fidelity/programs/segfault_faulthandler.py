# A segmentation fault with faulthandler off.
# ends: signal 11
import faulthandler, os, signal
print(faulthandler.is_enabled())
faulthandler.disable()
print(faulthandler.is_enabled(), flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
