# technique: netlink: routes, audit, sock_diag, netfilter and uevents of the host
# source: netlink(7), CVE-2022-34918, CVE-2023-32233, CVE-2013-1763
# verdict: WA
# invariant: there is no netlink socket of any protocol
# without: seccomp network capabilities
import socket

for protocol in range(23):
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
        try:
            socket.socket(socket.AF_NETLINK, kind, protocol)
            print("ESCAPED netlink", protocol)
        except OSError:
            pass
print("held")
