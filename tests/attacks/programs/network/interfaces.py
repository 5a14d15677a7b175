# technique: what is known of interfaces, neighbours and routes, and ioctl on a local socket to change them
# source: netdevice(7), proc_pid_net(5)
# verdict: WA
# invariant: there is a loopback and nothing else
# without: capabilities
import fcntl, os, socket, struct

names = [line.split(":")[0].strip() for line in open("/proc/net/dev").read().splitlines()[2:]]
print("held" if set(names) <= {"lo"} else "ESCAPED there are", names)
for name in ("arp", "route", "tcp", "udp", "fib_trie"):
    try:
        text = open(f"/proc/net/{name}").read()
        print(name, len(text.splitlines()), "172.17." in text)
    except OSError as refused:
        print("held", refused)
with socket.socket(socket.AF_UNIX) as sock:
    for request in (0x8914, 0x8916, 0x8912, 0x8933, 0x89A0, 0x89F0):
        try:
            fcntl.ioctl(sock, request, struct.pack("16s16s", b"lo", b"\2\0\0\0"))
            print("ESCAPED ioctl", hex(request))
        except OSError as refused:
            print("held", refused)
