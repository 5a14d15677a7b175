# technique: a question for a name sent to the servers that /etc/resolv.conf names, and to public ones
# source: RFC 1035
# verdict: WA
# invariant: no server can be asked
# without: seccomp network capabilities
import re, socket

servers = ["8.8.8.8", "1.1.1.1", "127.0.0.11", "127.0.0.53"]
try:
    servers += re.findall(r"nameserver (\S+)", open("/etc/resolv.conf").read())
except OSError:
    pass
question = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\6attack\7example\3com\0\0\1\0\1"
for server in servers:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        try:
            with socket.socket(socket.AF_INET, kind) as sock:
                sock.settimeout(0.3)
                sock.connect((server, 53))
                sock.send(question)
                print("ESCAPED asked", server)
        except OSError as refused:
            print("held", server, refused)
