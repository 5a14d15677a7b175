# technique: AF_ALG: ciphers of the kernel by a socket, which load modules on demand
# source: "Linux kernel crypto API user space interface", CVE-2017-8824 and others; AF_ALG page cache writes
# verdict: WA
# invariant: there is no such socket
# without: seccomp network capabilities
import socket

for kind, name in (("hash", "sha256"), ("skcipher", "cbc(aes)"), ("rng", "stdrng"), ("aead", "authencesn(hmac(sha256),cbc(aes))")):
    try:
        with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as sock:
            sock.bind((kind, name))
            print("ESCAPED bound", name)
    except OSError as refused:
        print("held", refused)
