# technique: abstract sockets, which have no file: containerd's shim, X11, D-Bus
# source: CVE-2020-15257
# verdict: WA
# invariant: the network namespace is the box's own, and nothing listens in it
# without: seccomp capabilities network
import socket

with open("/proc/net/unix") as table:
    names = {line.split()[-1][1:] for line in table if "@" in line}
print(names)
names |= {"/containerd-shim/moby/shim.sock", "/tmp/.X11-unix/X0", "/tmp/dbus", "assize-attacked"}
for name in names:
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect("\0" + name)
            print("ESCAPED", name)
    except OSError as refused:
        print("held", name, refused)
