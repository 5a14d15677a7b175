# technique: ICMP by raw sockets and by those that need no right (ping_group_range)
# source: icmp(7)
# verdict: WA
# invariant: no echo is sent
# without: seccomp network capabilities
import socket

for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
    for family, protocol, host in ((socket.AF_INET, 1, "172.17.0.1"), (socket.AF_INET, 1, "127.0.0.1"), (socket.AF_INET6, 58, "::1")):
        try:
            with socket.socket(family, kind, protocol) as sock:
                sock.sendto(b"\x08\0\xf7\xff\0\0\0\0" if family == socket.AF_INET else b"\x80\0\0\0\0\0\0\0", (host, 0))
                print("ESCAPED sent to", host)
        except OSError as refused:
            print("held", refused)
