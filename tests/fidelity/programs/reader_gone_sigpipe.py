# The reader of the output is gone, and the signal is not ignored.
# reader: gone
# ends: signal 13
import signal, time
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
while True:
    print("x", flush=True)
    time.sleep(0.005)
