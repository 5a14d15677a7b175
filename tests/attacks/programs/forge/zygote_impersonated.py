# technique: loads the native half of the zygote and lets it serve on a socket of the program's own
# source: white box: runner/zygote speaks over descriptor 0
# verdict: WA
# invariant: a zygote of one's own forks processes of one's own
# without: seccomp
import importlib.machinery, importlib.util, os, socket, struct

ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
child = os.fork()
if child == 0:
    os.dup2(theirs.fileno(), 0)
    path = "/usr/lib/assize/_assize_zygote.so"
    loader = importlib.machinery.ExtensionFileLoader("_assize_zygote", path)
    native = importlib.util.module_from_spec(importlib.util.spec_from_loader("_assize_zygote", loader))
    native.warm_up = native.prepare = native.start = native.leave = lambda *words: True
    native.serve(None, None, None)
theirs.close()
ours.settimeout(1)
try:
    print("held, it said", ours.recv(100))
    ours.send(b"Pmain.py\0\0")
    print("held, it said", ours.recv(100))
    ours.send(b"R" + bytes(140))
    print("held, it said", ours.recv(100))
except OSError as refused:
    print("held", refused)
