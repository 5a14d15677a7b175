# technique: programs for the kernel attached to a local socket, classic and extended
# source: SO_ATTACH_FILTER, socket(7); CVE-2016-4998 and others around filters
# verdict: WA
# invariant: the kernel runs no program of a submission
# without: seccomp capabilities
import ctypes, socket

SO_ATTACH_FILTER, SO_LOCK_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF, SO_ATTACH_REUSEPORT_EBPF = 26, 44, 50, 51, 52


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("filter", ctypes.POINTER(Instruction))]


returns_all = (Instruction * 1)(Instruction(0x06, 0, 0, 0xFFFFFFFF))
program = bytes(Program(1, returns_all))
left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for option, value in (
    (SO_ATTACH_FILTER, program),
    (SO_ATTACH_REUSEPORT_CBPF, program),
    (SO_LOCK_FILTER, 1),
    (SO_ATTACH_BPF, 0),
    (SO_ATTACH_REUSEPORT_EBPF, 0),
):
    for end in (left, right):
        try:
            end.setsockopt(socket.SOL_SOCKET, option, value)
            print("ESCAPED", option)
        except OSError as refused:
            print("held", option, refused)
left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
