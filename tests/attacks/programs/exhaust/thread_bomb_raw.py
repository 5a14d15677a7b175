# technique: _thread.start_new_thread in every thread, errors ignored
# source: CPython docs: _thread
# verdict: TLE
# invariant: threads count as processes, and the box ends in time
# without: seccomp capabilities
import _thread

def breed():
    while True:
        try:
            _thread.start_new_thread(breed, ())
        except RuntimeError:
            pass

breed()
