"""What both CPython and PyPy have: the rest of these programs use functions that PyPy lacks."""
import decimal
import glob
import mmap
import os
import random
import resource
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

print(sum(x * x for x in range(3_000_000)), decimal.Decimal(2).sqrt(), random.Random(1).random(), len(os.urandom(4)))
signal.signal(signal.SIGALRM, lambda number, frame: print("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.01)
time.sleep(0.05)
with tempfile.TemporaryDirectory() as place:
    with open(f"{place}/file", "w+b") as file:
        file.write(b"x" * 5000)
        file.flush()
        with mmap.mmap(file.fileno(), 0) as mapped:
            print(mapped[:3])
    os.mkfifo(f"{place}/fifo")
    os.rename(f"{place}/file", f"{place}/other")
    os.symlink("other", f"{place}/link")
    print(sorted(map(os.path.basename, glob.glob(f"{place}/*"))), os.stat(f"{place}/link").st_size)
    database = sqlite3.connect(f"{place}/db")
    database.execute("create table numbers (n)")
    database.execute("insert into numbers values (1)")
    database.commit()
    print(database.execute("select * from numbers").fetchall())
    database.close()
left, right = socket.socketpair()
left.sendall(b"pair")
print(select.select([right], [], [], 30)[0] == [right], right.recv(4))
thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
child = os.fork()
if child == 0:
    os._exit(3)
print(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
print(subprocess.run([sys.executable, "-S", "-c", "print(1)"], capture_output=True).stdout)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0, resource.getrlimit(resource.RLIMIT_STACK)[0] != 0)
