# The disposition of every signal and the mask.
import signal
for number in sorted(signal.valid_signals()):
    handler = signal.getsignal(number)
    print(number, getattr(handler, "__name__", handler))
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.sigpending(), signal.getitimer(signal.ITIMER_REAL), signal.set_wakeup_fd(-1))
