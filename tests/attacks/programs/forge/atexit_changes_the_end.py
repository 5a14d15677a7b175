# technique: atexit, excepthook and a flush that raises change how the program seems to end
# source: CPython: Py_FinalizeEx
# verdict: WA
# invariant: a clean exit with a wrong answer is a wrong answer
# without: seccomp
import atexit, os, sys

class Stream:
    def write(self, text):
        return len(text)
    def flush(self):
        os._exit(0)

atexit.register(lambda: print("AC", flush=True))
sys.excepthook = lambda *ignored: os._exit(0)
sys.unraisablehook = sys.excepthook
sys.stdout.write("1\n")
sys.stdout = sys.stderr = Stream()
raise RuntimeError
