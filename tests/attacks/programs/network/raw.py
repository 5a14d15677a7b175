# technique: raw sockets: IP packets with forged senders
# source: raw(7), CVE-2020-14386
# verdict: WA
# invariant: there is no raw socket
# without: seccomp network capabilities
import socket

for family in (socket.AF_INET, socket.AF_INET6):
    for protocol in (socket.IPPROTO_RAW, socket.IPPROTO_TCP, socket.IPPROTO_UDP, 255):
        try:
            socket.socket(family, socket.SOCK_RAW, protocol)
            print("ESCAPED raw", family, protocol)
        except OSError as refused:
            print("held", refused)
