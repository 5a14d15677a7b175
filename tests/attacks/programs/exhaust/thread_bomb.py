# technique: threads without end
# source: pthread_create(3)
# verdict: RTE
# invariant: threads count as processes
# without: seccomp capabilities
import threading, time

while True:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
