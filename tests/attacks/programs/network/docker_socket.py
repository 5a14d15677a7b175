# technique: the socket of Docker, containerd, and others, wherever they are usually mounted
# source: "docker.sock is root"
# verdict: WA
# invariant: there is no such socket
# without: seccomp network capabilities read_only_root
import socket

places = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/crio/crio.sock", "/tmp/docker.sock", "/host/var/run/docker.sock", "/run/systemd/private", "/run/dbus/system_bus_socket", "/dev/log")
for place in places:
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(place)
            sock.send(b"GET /containers/json HTTP/1.0\r\n\r\n")
            print("ESCAPED", place, sock.recv(500))
    except OSError as refused:
        print("held", place, refused)
