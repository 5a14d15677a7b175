# technique: finds the socket, the directory and the descriptor by which the runner gets its streams, and uses them
# source: unix(7), SCM_RIGHTS; CVE-2019-5736 and kin begin with what PID 1 holds
# verdict: WA
# invariant: the socket is gone and its directory removed before a program starts; no descriptor of it is inherited
# without: seccomp capabilities network read_only_root
import os
import socket
import stat

STREAMS = "/usr/lib/assize/streams"
FRAME = b"\x06\x00\x00\x00\x01forged"


def tried(what, attempt):
    try:
        print("ESCAPED", what, attempt())
    except OSError as refused:
        print("held", what, refused)


def connect(path, kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_UNIX, kind) as client:
        client.connect(path)
        client.send(FRAME)
        return client.recv(100)


def bind(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        return "listens"


# The directory as the box has it, as PID 1 has it, and as the host has it.
places = [STREAMS, f"/proc/1/root{STREAMS}", f"/proc/self/root{STREAMS}"]
with open("/proc/self/mountinfo") as file:
    for line in file:
        fields = line.split()
        if fields[4] == STREAMS:
            of_host = fields[3].removesuffix("//deleted")
            places += [of_host, os.path.dirname(of_host)]
            print("mounted", fields[5])
            if "ro" not in fields[5].split(","):
                print("ESCAPED the directory can be written", line)
for place in places:
    try:
        for name in os.listdir(place):
            print("ESCAPED", place, "has", name)
    except OSError as refused:
        print("held", place, refused)
    for name in ("socket", "..//socket", "mine"):
        path = f"{place}/{name}"
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            tried(path, lambda: connect(path, kind))
        tried(f"bind {path}", lambda: bind(path))
        tried(f"make {path}", lambda: os.open(path, os.O_CREAT | os.O_WRONLY))
        tried(f"link {path}", lambda: os.symlink("/work", path))
        tried(f"directory {path}", lambda: os.mkdir(path))
    tried(f"mode of {place}", lambda: os.chmod(place, 0o777))
    tried(f"move {place}", lambda: os.rename(place, "/tmp/streams"))

# Sockets that have a name in this network namespace.
with open("/proc/net/unix") as file:
    for line in list(file)[1:]:
        fields = line.split()
        if len(fields) > 7:
            tried(fields[7], lambda: connect(fields[7].replace("@", "\0", 1)))

# What was inherited, and what PID 1 and the zygote hold.
for number in range(256):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            print("ESCAPED a socket was inherited", number)
            os.write(number, FRAME)
    except OSError:
        pass
for process in filter(str.isdigit, os.listdir("/proc")):
    if int(process) != os.getpid():
        for number in range(8):
            tried(f"{process}/{number}", lambda: os.readlink(f"/proc/{process}/fd/{number}"))
            tried(f"{process}/{number}", lambda: os.open(f"/proc/{process}/fd/{number}", os.O_RDWR | os.O_NONBLOCK))
