# technique: vsock to the host of a virtual machine, and to itself
# source: vsock(7), CVE-2021-26708
# verdict: WA
# invariant: there is no such socket
# without: seccomp network capabilities
import socket

port = int(open(0).read().split()[-1])
for address in (0, 1, 2, 3):
    try:
        with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as sock:
            sock.settimeout(0.3)
            sock.connect((address, port))
        print("ESCAPED connected to", address)
    except OSError as refused:
        print("held", address, refused)
