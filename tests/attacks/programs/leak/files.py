# technique: files, links, FIFOs and sockets left in every writable place
# source: THREATS: files in tmp and work dir
# verdict: WA
# invariant: every test finds empty places and the submission's files
# without: seccomp capabilities
import os, socket

for place in ("/tmp", "/work", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run", "/run/lock", "/var/lock", "/dev", "/nonexistent"):
    path = place + "/left"
    try:
        if [name for name in os.listdir(place) if name.startswith("left")]:
            print("LEAKED", place)
        with open(path, "w") as file:
            file.write("left")
        os.symlink(path, path + ".link")
        os.mkfifo(path + ".fifo")
        socket.socket(socket.AF_UNIX).bind(path + ".socket")
    except OSError as refused:
        print("held", refused)
