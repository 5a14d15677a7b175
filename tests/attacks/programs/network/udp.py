# technique: datagrams to the host, to everybody, and without a connection
# source: udp(7)
# verdict: WA
# invariant: no datagram leaves
# without: seccomp network capabilities
import socket

port = int(open(0).read().split()[-1])
for host in ("127.0.0.1", "172.17.0.1", "255.255.255.255", "224.0.0.1"):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.sendto(b"attack", (host, port))
            print("ESCAPED sent to", host)
    except OSError as refused:
        print("held", host, refused)
