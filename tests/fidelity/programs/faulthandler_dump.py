# faulthandler shows the frames on request.
import faulthandler, sys, signal, os
def f():
    faulthandler.dump_traceback(all_threads=False)
f()
print(faulthandler.is_enabled())
faulthandler.register(signal.SIGUSR1, file=sys.stdout, all_threads=False)
def g(): os.kill(os.getpid(), signal.SIGUSR1)
g()
faulthandler.cancel_dump_traceback_later()
