# SIGHUP kills where nobody handles it.
# ends: signal 1
import signal
signal.raise_signal(signal.SIGHUP)
