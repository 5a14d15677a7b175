# technique: forbidden calls in children, so that the death of a child is not seen
# source: seccomp(2): a filter is inherited over fork and execve
# verdict: WA
# invariant: each child is killed, and the call is not made
# without: seccomp capabilities
import os, subprocess, sys

calls = {"mount": "165, b'none', b'/tmp', b'tmpfs', 0, None", "unshare": "272, 0x10000000", "bpf": "321, 0, None, 0", "keyctl": "250, 0, -3, 1", "ptrace": "101, 16, 1, 0, 0"}
for name, words in calls.items():
    text = f"import ctypes; print('ESCAPED {name}' if ctypes.CDLL(None).syscall({words}) >= 0 else 'held', flush=True)"
    ended = subprocess.run([sys.executable, "-IS", "-c", text])
    print("held", name, ended.returncode, flush=True)
