# There is no network.
import socket
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try: print(socket.socket(family, socket.SOCK_STREAM).family)
    except OSError as error: print(error)
print(socket.gethostname(), [one.sendall(b"x") or other.recv(1) for one, other in [socket.socketpair()]])
