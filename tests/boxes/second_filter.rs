//! The runner's own seccomp filter, with the container's profile and without it.
#![cfg(target_arch = "x86_64")]

use std::io::Write as _;

use assize::config::Startup;
use assize::contract::Verdict;

use crate::judge::{JudgeFixture, python, submission};

/// Makes each call in a child, by its number (`arch/x86/entry/syscalls/syscall_64.tbl`), and prints its end.
const PROGRAM: &str = r#"
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
NEWUSER, SIGCHLD, SET_SECCOMP, SUBREAPER, FILTER = 0x10000000, 17, 22, 36, 2
for name, *call in [
    ("ptrace", 101), ("process_vm_readv", 310, 1), ("mount", 165), ("unshare", 272, NEWUSER), ("setns", 308), ("bpf", 321),
    ("io_uring_setup", 425, 1), ("userfaultfd", 323), ("keyctl", 250), ("open_by_handle_at", 304), ("init_module", 175),
    ("pidfd_getfd", 438), ("perf_event_open", 298), ("kexec_load", 246),
    ("clone3", 435), ("memfd_create", 319),
    ("memfd_secret", 447), ("modify_ldt", 154), ("iopl", 172, 3), ("vhangup", 153), ("x32 getpid", 0x40000000 | 39),
    ("mmap of huge pages", 9, 0, 2 << 20, 3, 0x40022, -1),
    ("shmget", 29, 0, 4096, 0o1600), ("semget", 64, 0, 1, 0o1600), ("msgget", 68, 0, 0o1600), ("mq_open", 240),
    ("clone", 56, NEWUSER | SIGCHLD), ("prctl seccomp", 157, SET_SECCOMP, FILTER), ("prctl subreaper", 157, SUBREAPER, 1),
    ("seccomp", 317, 1), ("prlimit64", 302, 1), ("sched_setaffinity", 203, 1), ("setpriority", 141, 0, 1),
    ("sched_setscheduler", 144), ("sched_setparam", 142), ("sched_setattr", 314), ("prctl core", 157, 62),
    ("madvise collapse", 28, 0, 4096, 25), ("madvise dontneed", 28, 0, 0, 4),
    ("inet", 41, 2, 1), ("inet6", 41, 10, 1), ("netlink", 41, 16, 3), ("packet", 41, 17, 3), ("alg", 41, 38, 5), ("vsock", 41, 40, 1),
]:
    child = os.fork()
    if child == 0:
        returned = libc.syscall(*call, *[0] * (7 - len(call)))
        os._exit(ctypes.get_errno() if returned < 0 else 0)
    _, status = os.waitpid(child, 0)
    print(name, os.waitstatus_to_exitcode(status))
"#;

/// Killed by SIGSYS, `ENOSYS`, `EPERM`.
const EXPECTED: &str = "\
ptrace -31\nprocess_vm_readv -31\nmount -31\nunshare -31\nsetns -31\nbpf -31
io_uring_setup -31\nuserfaultfd -31\nkeyctl -31\nopen_by_handle_at -31\ninit_module -31
pidfd_getfd -31\nperf_event_open -31\nkexec_load -31
clone3 38\nmemfd_create 38
memfd_secret -31\nmodify_ldt -31\niopl -31\nvhangup -31\nx32 getpid -31
mmap of huge pages 1
shmget 1\nsemget 1\nmsgget 1\nmq_open 1
clone 1\nprctl seccomp 1\nprctl subreaper 1
seccomp 1\nprlimit64 1\nsched_setaffinity 1\nsetpriority 1
sched_setscheduler 1\nsched_setparam 1\nsched_setattr 1\nprctl core 1
madvise collapse 1\nmadvise dontneed 0
inet 1\ninet6 1\nnetlink 1\npacket 1\nalg 1\nvsock 1
";

#[tokio::test(flavor = "multi_thread")]
async fn the_runner_s_own_filter_holds_where_the_container_s_profile_was_left_out() {
    let mut everything = tempfile::NamedTempFile::new().unwrap();
    everything.write_all(br#"{"defaultAction":"SCMP_ACT_ALLOW"}"#).unwrap();
    for startup in [Startup::Exec, Startup::Fork] {
        for profile in ["".into(), everything.path().to_owned()] {
            let fixture = JudgeFixture::with(|settings| {
                settings.sandbox.docker.seccomp_profile.clone_from(&profile);
                python(settings).startup = startup;
            })
            .await;
            let judgement = fixture.judge(&submission(PROGRAM, "", EXPECTED)).await;
            let killed = fixture
                .judge(&submission(
                    "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)",
                    "",
                    "",
                ))
                .await;
            fixture.close().await;
            assert_eq!(
                judgement.verdict,
                Verdict::Ac,
                "{profile:?}, {startup:?}: {judgement:#?}"
            );
            assert_eq!(killed.verdict, Verdict::Sv, "{profile:?}, {startup:?}: {killed:#?}");
        }
    }
}
