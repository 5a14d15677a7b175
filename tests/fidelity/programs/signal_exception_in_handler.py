# A handler that raises, in the middle of a call.
# ends: exit 1
import signal
def handler(number, frame): raise ValueError("from the handler")
signal.signal(signal.SIGUSR1, handler)
def f(): signal.raise_signal(signal.SIGUSR1)
f()
