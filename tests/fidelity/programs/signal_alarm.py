# An alarm interrupts a sleep.
import signal, time
class Late(Exception): pass
def ring(*_): raise Late("rang")
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    time.sleep(20)
except Late as error:
    print(error)
