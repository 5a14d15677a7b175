# SIGUSR1 kills where nobody handles it.
# ends: signal 10
import signal
signal.raise_signal(signal.SIGUSR1)
