# SIGHUP kills where it is not handled.
# ends: signal 1
import signal
signal.raise_signal(signal.SIGHUP)
