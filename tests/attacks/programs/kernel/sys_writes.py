# technique: writes below /sys: uevent_helper, power, block devices, kernel tunables
# source: sysfs(5), "escape by uevent_helper"
# verdict: WA
# invariant: /sys is read-only
# without: seccomp capabilities read_only_root
import glob

places = ["/sys/kernel/uevent_helper", "/sys/power/state", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/module/kernel/parameters/panic"]
places += glob.glob("/sys/block/*/queue/scheduler")[:3] + glob.glob("/sys/class/*/*/uevent")[:5] + glob.glob("/sys/kernel/security/*")[:3]
for path in places:
    try:
        with open(path, "w") as file:
            file.write("0")
        print("ESCAPED wrote", path)
    except OSError as refused:
        print("held", refused)
