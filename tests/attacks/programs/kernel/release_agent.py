# technique: release_agent and notify_on_release of control groups: a program that the host starts
# source: CVE-2022-0492, "Felix Wilhelm's escape"
# verdict: WA
# invariant: control groups are read-only in a box
# without: seccomp capabilities read_only_root
import glob, os

files = [path for name in ("release_agent", "notify_on_release", "cgroup.procs", "tasks", "memory.limit_in_bytes", "memory.max", "pids.max", "cpu.max", "cpuset.cpus", "devices.allow")
         for path in glob.glob(f"/sys/fs/cgroup/{name}") + glob.glob(f"/sys/fs/cgroup/*/{name}")]
print(len(files), "files")
for path in files:
    try:
        with open(path, "w") as file:
            file.write("1")
        print("ESCAPED wrote", path)
    except OSError:
        pass
for directory in ["/sys/fs/cgroup", *glob.glob("/sys/fs/cgroup/*/")]:
    try:
        os.mkdir(os.path.join(directory, "evil"))
        print("ESCAPED a group in", directory)
    except OSError:
        pass
print("held")
