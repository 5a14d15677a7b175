# technique: TCP over IPv6: loopback, mapped addresses, link-local and multicast ones
# source: ipv6(7)
# verdict: WA
# invariant: no socket of the family can be made
# without: seccomp network capabilities
import socket

port = int(open(0).read().split()[-1])
for host in ("::1", "::ffff:127.0.0.1", "::ffff:172.17.0.1", "fe80::1%lo", "fd00::1", "ff02::1"):
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.settimeout(0.3)
            sock.connect((host, port))
            print("ESCAPED connected to", host)
    except OSError as refused:
        print("held", host, refused)
