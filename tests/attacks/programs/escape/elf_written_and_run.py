# technique: a hand-made ELF program in every writable place, started by execve and by posix_spawn
# source: THREATS: ELF written to tmp; "A whirlwind tutorial on tiny ELF"
# verdict: WA
# invariant: nothing that a submission has written can be executed
# without: seccomp capabilities network read_only_root
import os, struct

code = bytes.fromhex("b801000000bf01000000488d350f000000ba07000000 0f05b83c00000031ff0f05".replace(" ", "")) + b"ESCAPED"
head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0)
program = head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 120 + len(code), 120 + len(code), 4096) + code
for place in ("/tmp", "/work", "/dev/shm", "/dev/mqueue", "/proc/self", "/sys/fs/cgroup"):
    path = place + "/program"
    try:
        with open(path, "wb") as file:
            file.write(program)
        os.chmod(path, 0o777)
        os.waitpid(os.posix_spawn(path, [path], {}), 0)
        print("ESCAPED started", path)
    except OSError as refused:
        print("held", refused)
