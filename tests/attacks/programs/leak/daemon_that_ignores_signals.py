# technique: daemons that ignore and block all signals and start each other again
# source: THREATS: daemons ignoring all signals
# verdict: WA
# invariant: they are killed until none is left
# without: seccomp capabilities
import os, signal, socket

try:
    socket.socket(socket.AF_UNIX).connect("\0left-by-the-attack")
    print("LEAKED a daemon listens")
except OSError as refused:
    print("held", refused)
ready, tell = os.pipe()
if os.fork() == 0:
    os.setsid()
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0left-by-the-attack")
    listener.listen()
    os.write(tell, b"x")
    while True:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
os.read(ready, 1)
