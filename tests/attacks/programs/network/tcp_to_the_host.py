# technique: TCP to the loopback, to Docker's bridge, to the default gateway and to common names of the host
# source: THREATS: loopback of the host
# verdict: WA
# invariant: no socket of the internet family can be made, and no interface leads out
# without: seccomp network capabilities
import socket

port = int(open(0).read().split()[-1])
hosts = ["127.0.0.1", "172.17.0.1", "172.18.0.1", "10.0.0.1", "192.168.0.1", "0.0.0.0", "localhost", "host.docker.internal", "gateway.docker.internal"]
try:
    for line in open("/proc/net/route").read().splitlines()[1:]:
        hosts.append(".".join(str(byte) for byte in bytes.fromhex(line.split()[2])[::-1]))
except OSError:
    pass
for host in hosts:
    try:
        with socket.create_connection((host, port), 0.3):
            print("ESCAPED connected to", host)
    except OSError as refused:
        print("held", host, refused)
