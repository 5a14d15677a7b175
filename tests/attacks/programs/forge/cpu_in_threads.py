# technique: threads that compute in C without the interpreter's lock
# source: THREATS: CPU in threads
# verdict: TLE
# invariant: time of threads adds up
# without: seccomp
import hashlib, threading

def work():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1 << 22)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
