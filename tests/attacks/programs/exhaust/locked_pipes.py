# technique: a pipe that is locked by a call which sleeps: splice and sendfile between a silent socket and standard streams
# source: splice(2), sendfile(2), pipe_lock in fs/splice.c
# verdict: WA
# invariant: whoever is at the other end of a stream never waits for a program
# without: seccomp capabilities
import os, socket, threading

silent, full = socket.socketpair(), socket.socketpair()
full[0].setblocking(False)
try:
    while True:
        full[0].send(bytes(1 << 16))
except BlockingIOError:
    full[0].setblocking(True)
again = {}
for stream in (0, 1, 2):
    try:
        again[stream] = os.open(f"/proc/self/fd/{stream}", os.O_RDWR)
    except OSError as refused:
        print("held", refused)
        again[stream] = stream

def attempt(name, call):
    try:
        call()
        print("ESCAPED by", name)
    except OSError as refused:
        print("held", name, refused)

calls = []
for stream, other in again.items():
    calls.append(("splice into", lambda to=stream: os.splice(silent[0].fileno(), to, 1)))
    calls.append(("sendfile into", lambda to=stream: os.sendfile(to, silent[0].fileno(), None, 1)))
    calls.append(("splice out of", lambda of=other: os.splice(of, full[0].fileno(), 1)))
threads = [threading.Thread(target=attempt, args=call) for call in calls]
for thread in threads:
    thread.start()
os.write(1, b"x")
os.write(2, b"x")
for thread in threads:
    thread.join()
