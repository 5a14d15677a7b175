# technique: packet sockets: frames of every interface, read and forged
# source: packet(7), CVE-2017-7308
# verdict: WA
# invariant: there is no packet socket
# without: seccomp network capabilities
import socket

for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
    for protocol in (0, 3, 0x0300, 0x0800):
        try:
            socket.socket(socket.AF_PACKET, kind, protocol)
            print("ESCAPED packet", protocol)
        except OSError as refused:
            print("held", refused)
