# SIGFPE kills.
# ends: signal 8
import signal
signal.raise_signal(signal.SIGFPE)
