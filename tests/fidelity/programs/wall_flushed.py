# Killed behind a flush: what was flushed is seen.
# wall: 2
# ends: signal 9 by the wall limit
import time, sys
print("seen", flush=True)
print("lost", end="")
print("on stderr", file=sys.stderr)
time.sleep(60)
