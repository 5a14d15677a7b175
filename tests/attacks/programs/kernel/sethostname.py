# technique: sethostname and setdomainname
# source: sethostname(2)
# verdict: SV
# invariant: names stay
# without: seccomp capabilities
import os, socket

try:
    socket.sethostname("attacked")
    print("ESCAPED", os.uname().nodename)
except OSError as refused:
    print("held", refused)
