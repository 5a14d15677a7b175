# Its output pipe breaks once the validator has rejected it, which kills it: still a wrong answer.
import signal

signal.signal(signal.SIGPIPE, signal.SIG_DFL)
while True:
    print(0, flush=True)
