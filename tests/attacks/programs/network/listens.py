# technique: listens on every address, so that an outsider may come in
# source: bind(2), "bind shell"
# verdict: WA
# invariant: nothing of the internet family can be bound
# without: seccomp network capabilities
import socket

port = int(open(0).read().split()[-1])
for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as sock:
                sock.bind((host, port + 1))
                print("ESCAPED bound", host)
        except OSError as refused:
            print("held", host, refused)
