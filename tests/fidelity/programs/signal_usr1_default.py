# SIGUSR1 kills where it is not handled.
# ends: signal 10
import signal
signal.raise_signal(signal.SIGUSR1)
