# technique: the ports of RabbitMQ, PostgreSQL, Docker's API and etcd, on the host and under compose's names
# source: THREATS: the broker
# verdict: WA
# invariant: a submission cannot speak with the services around the judge
# without: seccomp network capabilities
import socket

for host in ("127.0.0.1", "172.17.0.1", "172.18.0.2", "rabbitmq", "postgres", "worker", "assize-rabbitmq-1"):
    for port in (5672, 15672, 5432, 2375, 2376, 2379, 9323):
        try:
            with socket.create_connection((host, port), 0.1):
                print("ESCAPED", host, port)
        except OSError as refused:
            last = refused
print("held", last)
