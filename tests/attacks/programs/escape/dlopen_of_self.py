# technique: symbols of the running program by dlsym, called as functions of C: execve, fork, setuid, dlmopen
# source: dlsym(3)
# verdict: WA
# invariant: the functions make the same calls as everybody
# without: seccomp capabilities network read_only_root
import _ctypes, ctypes

own = _ctypes.dlopen(None, 2)
found = lambda name, *kinds: ctypes.CFUNCTYPE(ctypes.c_int, *kinds)(_ctypes.dlsym(own, name))
print("held" if found("setuid", ctypes.c_uint)(0) else "ESCAPED setuid")
print("held" if found("setgid", ctypes.c_uint)(0) else "ESCAPED setgid")
print("held" if found("setresuid", *[ctypes.c_uint] * 3)(0, 0, 0) else "ESCAPED setresuid")
found("execve", ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)(b"/bin/sh", None, None)
