# technique: /proc/*/mem, maps, smaps, pagemap, map_files and numa_maps of the runner and the zygote
# source: proc_pid_mem(5)
# verdict: WA
# invariant: no other process's memory can be read
# without: seccomp capabilities network read_only_root
import glob, os

for directory in glob.glob("/proc/[0-9]*") + glob.glob("/proc/[0-9]*/task/[0-9]*"):
    if directory.split("/")[2] != str(os.getpid()):
        for name in ("mem", "maps", "smaps", "smaps_rollup", "pagemap", "map_files", "numa_maps", "exe", "cwd", "root"):
            try:
                opened = os.open(f"{directory}/{name}", os.O_RDONLY)
                print("ESCAPED", directory, name, os.read(opened, 200) if name not in ("map_files", "cwd", "root") else os.listdir(opened))
            except OSError:
                pass
print("held")
