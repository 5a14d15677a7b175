# technique: writes below /proc/sys: core_pattern, modprobe, sysrq, ns_last_pid, randomize_va_space
# source: proc_sys(5), "escape by core_pattern", CVE-2019-5736 write-ups
# verdict: WA
# invariant: no program in a box configures the host's kernel
# without: seccomp capabilities read_only_root
names = "kernel/core_pattern kernel/modprobe kernel/sysrq kernel/ns_last_pid kernel/randomize_va_space vm/overcommit_memory fs/binfmt_misc/register net/ipv4/ip_forward kernel/hostname fs/suid_dumpable kernel/unprivileged_userns_clone"
for name in names.split():
    try:
        with open("/proc/sys/" + name, "r+") as file:
            file.write("|/tmp/evil")
        print("ESCAPED wrote", name)
    except OSError as refused:
        print("held", refused)
