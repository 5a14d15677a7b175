# Python's own handler answers SIGINT, and pipes break with an error.
import signal
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN, signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN, signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL)
print(signal.sigtimedwait([signal.SIGCHLD], 0), signal.alarm(0))
