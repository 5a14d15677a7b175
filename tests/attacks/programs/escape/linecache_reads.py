# technique: linecache.getlines reads any file and hides the error
# source: CPython docs: linecache
# verdict: WA
# invariant: private files stay empty
# without: seccomp capabilities network read_only_root
import linecache

for path in ("/etc/shadow", "/etc/gshadow", "/proc/1/environ", "/root/.bashrc", "/etc/ssh/ssh_host_rsa_key", "/etc/docker/daemon.json"):
    lines = linecache.getlines(path)
    print("ESCAPED" if lines else "held", path, lines[:3])
