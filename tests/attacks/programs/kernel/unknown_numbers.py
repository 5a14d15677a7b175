# technique: calls with numbers that no kernel has, negative ones, and the newest ones
# source: syscalls(2), CVE-2009-0029
# verdict: SV RTE
# invariant: what the profile does not name is refused or absent, and a mount is a mount whatever lies above 32 bits
# without: capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
numbers = [335, 423, 511, 512, 547, 600, 1023, 4096, 65535, 1 << 24]
numbers += [457, 458, 459, 460, 461, 462, 463, 466, 467, -1, 2**32 + 165]
for number in numbers:
    result = libc.syscall(ctypes.c_long(number), -1, None, 0, 0, 0, 0)
    print("ESCAPED" if result >= 0 else "held", number, ctypes.get_errno(), flush=True)
