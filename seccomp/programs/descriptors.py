"""Pipes, flags and every way to wait: select, poll, epoll, selectors, eventfd, timerfd, socket pairs."""
import array
import fcntl
import os
import select
import selectors
import socket
import termios

read, write = os.pipe()
os.write(write, b"abc")
print(select.select([read], [], [], 30)[0] == [read])
poll = select.poll()
poll.register(read, select.POLLIN)
print(poll.poll(30_000) == [(read, select.POLLIN)])
with select.epoll() as epoll:
    epoll.register(read, select.EPOLLIN)
    print(epoll.poll(30) == [(read, select.EPOLLIN)])
with selectors.DefaultSelector() as selector:
    selector.register(read, selectors.EVENT_READ)
    print(len(selector.select(30)))
waiting = array.array("i", [0])
fcntl.ioctl(read, termios.FIONREAD, waiting)
print(waiting[0], os.isatty(read), os.get_blocking(read))
os.set_blocking(read, False)
os.set_inheritable(read, True)
copy = os.dup(read)
os.dup2(copy, 100)
os.dup2(copy, 101, inheritable=False)
os.closerange(100, 200)
print(fcntl.fcntl(write, fcntl.F_GETPIPE_SZ) > 0)
other_read, other_write = os.pipe2(os.O_NONBLOCK)
try:
    os.get_terminal_size()
except OSError:
    print("no terminal")
try:
    termios.tcgetattr(0)
except termios.error:
    print("no terminal")

counter = os.eventfd(3)
print(os.eventfd_read(counter))
if hasattr(os, "timerfd_create"):
    timer = os.timerfd_create(0)
    os.timerfd_settime(timer, initial=0.001)
    os.read(timer, 8)
    os.timerfd_gettime(timer)

left, right = socket.socketpair()
left.settimeout(30)
left.sendall(b"over a pair")
print(right.recv(100), left.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM)
left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
socket.send_fds(left, [b"x"], [write])
print(len(socket.recv_fds(right, 1, 1)[1]), repr(left.getsockname()), repr(left.getpeername()))
left.shutdown(socket.SHUT_WR)
print(right.recv(1))
server = socket.socket(socket.AF_UNIX)
server.bind("\0a name of no file")
server.listen()
client = socket.socket(socket.AF_UNIX)
client.connect("\0a name of no file")
server.accept()[0].sendall(b"over a local socket")
print(client.recv(100))
