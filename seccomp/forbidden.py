"""Makes calls that the profile forbids, each in a child, and says what came of it.

Run inside a box on x86_64, as `measure.py forbidden` does. Exits with 1 when a call came to another end than
the one that is written here.
"""

import ctypes
import errno
import mmap
import os
import signal
import sys
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)
INIT = 1
NOWHERE = ctypes.c_void_p(0)
X32 = 0x4000_0000

# Name, number on x86_64 (arch/x86/entry/syscalls/syscall_64.tbl) and arguments. Where an argument is left out it is 0.
KILLED = [
    ("ptrace PTRACE_ATTACH", 101, 16, INIT),
    ("process_vm_readv", 310, INIT),
    ("process_vm_writev", 311, INIT),
    ("process_madvise", 440),
    ("pidfd_getfd", 438),
    ("kcmp", 312, INIT, INIT),
    ("bpf", 321),
    ("perf_event_open", 298),
    ("userfaultfd", 323),
    ("io_uring_setup", 425, 1),
    ("io_uring_enter", 426),
    ("io_uring_register", 427),
    ("unshare CLONE_NEWUSER", 272, 0x1000_0000),
    ("setns", 308),
    ("mount", 165),
    ("umount2", 166),
    ("move_mount", 429),
    ("fspick", 433),
    ("mount_setattr", 442),
    ("pivot_root", 155),
    ("chroot", 161),
    ("add_key", 248),
    ("request_key", 249),
    ("keyctl", 250),
    ("init_module", 175),
    ("finit_module", 313),
    ("delete_module", 176),
    ("kexec_load", 246),
    ("kexec_file_load", 320),
    ("reboot", 169),
    ("swapon", 167),
    ("swapoff", 168),
    ("acct", 163),
    ("quotactl", 179),
    ("syslog", 103, 3),
    ("open_by_handle_at", 304),
    ("name_to_handle_at", 303),
    ("fanotify_init", 300),
    ("lookup_dcookie", 212),
    ("memfd_secret", 447),
    ("iopl", 172, 3),
    ("ioperm", 173, 0, 8, 1),
    ("modify_ldt", 154),
    ("uselib", 134),
    ("settimeofday", 164),
    ("clock_settime", 227),
    ("adjtimex", 159),
    ("sethostname", 170),
    ("vhangup", 153),
    ("x32 getpid", X32 | 39),
    ("x32 ptrace", X32 | 521, 16, INIT),
]

REFUSED = [
    ("mmap MAP_HUGETLB", 9, 0, 2 << 20, 3, 0x40022, -1),
    ("mmap MAP_HUGETLB of 1 GiB", 9, 0, 1 << 30, 3, 0x40022 | 30 << 26, -1),
    ("clone CLONE_NEWUSER", 56, 0x1000_0000 | signal.SIGCHLD),
    ("clone CLONE_NEWNS", 56, 0x0002_0000 | signal.SIGCHLD),
    ("clone CLONE_NEWNET", 56, 0x4000_0000 | signal.SIGCHLD),
    ("socket AF_INET", 41, 2, 1),
    ("socket AF_INET6", 41, 10, 1),
    ("socket AF_NETLINK", 41, 16, 3),
    ("socket AF_PACKET", 41, 17, 3),
    ("socket AF_ALG", 41, 38, 5),
    ("socket AF_VSOCK", 41, 40, 1),
    ("socketpair AF_TIPC", 53, 30, 1),
    ("ioctl TIOCSTI", 16, 0, 0x5412),
    ("ioctl TIOCLINUX", 16, 0, 0x541C),
    ("ioctl TIOCSTI and a high bit", 16, 0, 0x1_0000_5412),
    ("prctl PR_SET_MM", 157, 35),
    ("prctl PR_SET_PTRACER", 157, 0x59616D61, INIT),
    ("personality ADDR_NO_RANDOMIZE", 135, 0x0040000),
    ("seccomp NEW_LISTENER", 317, 1, 8),
    ("prlimit64 of PID 1", 302, INIT, 7),
    ("setpriority of PID 1", 141, 0, INIT, 19),
    ("setpriority of the user", 141, 2, 0, 19),
    ("sched_setaffinity of PID 1", 203, INIT),
    ("sched_setscheduler of PID 1", 144, INIT),
    ("ioprio_set of PID 1", 251, 1, INIT),
    ("get_robust_list of PID 1", 274, INIT),
    ("mknod of a device", 133, NOWHERE, 0o020000),
    ("mknod of a file", 133, NOWHERE, 0o100000),
    ("setuid 0", 105),
    ("setgid 0", 106),
    ("setgroups", 116),
    ("setresuid", 117),
    ("capset", 126),
    ("chown", 92),
    ("setxattr", 188),
    ("execveat", 322),
    ("vmsplice", 278),
    ("inotify_init1", 294),
    ("shmget", 29),
    ("msgget", 68),
    ("semget", 64),
    ("mq_open", 240),
    ("mbind", 237),
    ("migrate_pages", 256, INIT),
    ("landlock_create_ruleset", 444),
    ("remap_file_pages", 216),
    ("madvise MADV_COLLAPSE", 28, 0, 4096, 25),
    ("sync", 162),
]

ABSENT = [
    ("clone3", 435),
    ("memfd_create", 319),
    ("sendfile", 40, 1, 0),
    ("splice", 275, 0, 0, 1, 0, 1),
    ("fsopen", 430),
    ("fsconfig", 431),
    ("fsmount", 432),
    ("open_tree", 428),
]


def main():
    rows = [(call, "killed by SIGSYS") for call in KILLED]
    rows += [(call, "EPERM") for call in REFUSED]
    rows += [(call, "ENOSYS") for call in ABSENT]
    wrong = sum(line(name, want, outcome(lambda: system_call(*call))) for (name, *call), want in rows)
    wrong += line("int 0x80 getpid", "killed by SIGSYS", outcome(call_of_the_32_bit_abi))
    # libseccomp ends the thread, and not the process, for a call of another ABI. The call is not made either way.
    wrong += line("int 0x80 getpid in a thread", "ESRCH", outcome(call_in_a_thread))
    return 1 if wrong else 0


def line(name, want, got):
    """One row of the table; whether it is wrong."""
    print(f"| {name} | {got} |" + ("" if got == want else f" should be: {want}"))
    return got != want


def system_call(number, *arguments):
    """The error number of a call, 0 for none."""
    ctypes.set_errno(0)
    words = [word if isinstance(word, ctypes.c_void_p) else ctypes.c_long(word) for word in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *words, *[ctypes.c_long(0)] * (6 - len(words)))
    return ctypes.get_errno() if result < 0 else 0


def call_of_the_32_bit_abi():
    """mov eax, 20; int 0x80; ret."""
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("b814000000 cd80 c3"))
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    return 0


def call_in_a_thread():
    """ESRCH when the thread is no more and the call has not returned."""
    returned, started = [], threading.Event()
    number = []

    def body():
        number.append(threading.get_native_id())
        started.set()
        returned.append(call_of_the_32_bit_abi())

    threading.Thread(target=body, daemon=True).start()
    started.wait(5)
    until = time.monotonic() + 5
    while os.path.exists(f"/proc/self/task/{number[0]}") and time.monotonic() < until:
        time.sleep(0.005)
    gone = not os.path.exists(f"/proc/self/task/{number[0]}")
    return errno.ESRCH if gone and not returned else 0


def outcome(call):
    """What becomes of a child that makes the call: a signal, an error, or nothing."""
    child = os.fork()
    if child == 0:
        # A clone that works has a child of its own, which must not go on here.
        parent = os.getpid()
        result = call()
        os._exit(result if os.getpid() == parent else 0)
    status = wait(child)
    if status is None:
        return "hangs"
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return errno.errorcode.get(os.WEXITSTATUS(status), "done")


def wait(child):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


sys.exit(main())
