# technique: landlock, mbind, set_mempolicy, remap_file_pages, vmsplice, lookup_dcookie: seldom used and often buggy
# source: CVE-2008-0600 (vmsplice), CVE-2022-2590, kernel's list of calls
# verdict: SV
# invariant: what no program needs is not there
# without: capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
rules = ctypes.create_string_buffer(b"\xff\x0f" + bytes(14), 16)
for name, number, *words in (("landlock_create_ruleset", 444, rules, 16, 0), ("set_mempolicy", 238, 0, None, 0), ("vmsplice", 278, 1, None, 0, 0), ("remap_file_pages", 216, 0, 0, 0, 0, 0), ("lookup_dcookie", 212, 1, None, 0)):
    print("held" if libc.syscall(number, *words) < 0 else "ESCAPED", name, ctypes.get_errno(), flush=True)
