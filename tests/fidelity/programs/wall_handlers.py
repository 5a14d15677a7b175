# Killed: no handler runs, and no finally clause.
# wall: 2
# ends: signal 9 by the wall limit
import atexit, time, signal
atexit.register(print, "never")
signal.signal(signal.SIGTERM, lambda *_: print("never"))
try: time.sleep(60)
finally: print("never")
