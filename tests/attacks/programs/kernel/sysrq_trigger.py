# technique: /proc/sysrq-trigger, /proc/kcore, /proc/kallsyms, /dev/mem: the kernel by files
# source: proc(5)
# verdict: WA
# invariant: they are masked, absent or not readable
# without: seccomp capabilities read_only_root
import os

for path in ("/proc/kcore", "/proc/kmem", "/dev/mem", "/dev/kmem", "/dev/port", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware/dmi/tables/DMI", "/proc/acpi/wakeup", "/proc/scsi/scsi"):
    try:
        with open(path, "rb") as file:
            content = file.read(16)
        print("ESCAPED" if content else "held", path, content)
    except OSError as refused:
        print("held", refused)
try:
    open("/proc/sysrq-trigger", "w").write("h")
    print("ESCAPED sysrq")
except OSError as refused:
    print("held", refused)
addresses = {line.split()[0].strip("0") for line in open("/proc/kallsyms")} if os.path.exists("/proc/kallsyms") else set()
print("ESCAPED addresses of the kernel" if addresses - {""} else "held")
