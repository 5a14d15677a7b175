# Handlers for several signals, in the order in which they come.
import signal, os
def handler(number, frame): print(signal.Signals(number).name)
for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP, signal.SIGWINCH, signal.SIGINT, signal.SIGCHLD):
    print(signal.signal(number, handler))
    signal.raise_signal(number)
    print(signal.getsignal(number) is handler)
