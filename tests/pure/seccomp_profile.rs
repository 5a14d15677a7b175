//! The seccomp profile says what it should, before any container reads it. `seccomp/measure.py` holds it against what
//! programs do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;

/// The format of Docker's profiles. A field that is not here is one that Docker would pass over in silence.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Profile {
    default_action: String,
    default_errno_ret: u32,
    arch_map: Vec<Architecture>,
    syscalls: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Architecture {
    architecture: String,
    sub_architectures: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Group {
    comment: String,
    names: Vec<String>,
    action: String,
    errno_ret: Option<u32>,
    #[serde(default)]
    args: Vec<Argument>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Argument {
    index: u32,
    value: u64,
    #[serde(default)]
    value_two: u64,
    op: String,
}

const ALLOW: &str = "SCMP_ACT_ALLOW";
const ERRNO: &str = "SCMP_ACT_ERRNO";
const KILL: &str = "SCMP_ACT_KILL_PROCESS";

/// What a program that means well never calls.
const DEADLY: &str = "acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module fanotify_init \
    finit_module init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load \
    keyctl lookup_dcookie memfd_secret modify_ldt mount mount_setattr move_mount name_to_handle_at nfsservctl \
    open_by_handle_at perf_event_open pidfd_getfd pivot_root process_madvise process_vm_readv process_vm_writev ptrace \
    quotactl reboot request_key setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare \
    userfaultfd vm86 vm86old";

/// What is answered with an error.
const REFUSED: &str = "capset chown clone3 execveat fchown fchownat fsconfig fsmount fsopen inotify_add_watch ioprio_set \
    landlock_create_ruleset lchown mbind memfd_create migrate_pages move_pages mq_open msgget open_tree \
    remap_file_pages sched_setattr sched_setparam sched_setscheduler semget set_mempolicy setfsuid setgid setgroups \
    setregid setresgid setresuid setreuid setuid setxattr shmat shmget socketcall vmsplice";

/// Calls that take the number of a process: the runner's is 1, and it has the same user (prlimit(2), setpriority(2),
/// sched_setaffinity(2)). With the index of the argument that must be 0.
const ONLY_ON_ITSELF: [(&str, u32); 3] = [("prlimit64", 0), ("sched_setaffinity", 0), ("setpriority", 1)];

/// All namespaces that clone(2) can make, as in linux/sched.h: mount, control group, UTS, IPC, user, PID, network.
const CLONE_NEW: u64 = 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000;

#[test]
fn what_is_not_named_is_refused_on_both_architectures_and_in_no_other_abi() {
    let profile = profile();
    assert_eq!((profile.default_action.as_str(), profile.default_errno_ret), (ERRNO, 1));
    let names: Vec<_> = profile.arch_map.iter().map(|arch| arch.architecture.as_str()).collect();
    assert_eq!(names, ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"]);
    let other_abis = profile.arch_map.iter().any(|arch| !arch.sub_architectures.is_empty());
    assert!(!other_abis, "32-bit and x32 calls must stay unusable");
}

#[test]
fn every_group_says_why_it_is_there() {
    let mut comments = BTreeSet::new();
    for Group { comment, names, .. } in profile().syscalls {
        assert!(!names.is_empty(), "a group without calls: {comment}");
        assert!(
            comment.len() >= 8 && comment.ends_with('.'),
            "no reason for {names:?}: {comment:?}"
        );
        assert!(comments.insert(comment.clone()), "said twice: {comment}");
    }
}

#[test]
fn no_call_is_named_twice_unless_each_time_with_another_argument() {
    let profile = profile();
    let named: Vec<_> = profile
        .syscalls
        .iter()
        .flat_map(|group| group.names.iter().map(move |name| (name, group)))
        .collect();
    for (at, (name, group)) in named.iter().enumerate() {
        for (_, before) in named[..at].iter().filter(|(earlier, _)| earlier == name) {
            let filtered = !group.args.is_empty() && !before.args.is_empty();
            assert!(filtered, "{name} is in two groups, and one has no argument filter");
            assert_ne!(group.args, before.args, "{name} has the same filter twice");
            assert_eq!(group.action, before.action, "{name} has two answers");
        }
    }
}

#[test]
fn attacks_on_the_kernel_end_the_program_and_other_rights_are_refused() {
    let profile = profile();
    for name in DEADLY.split_whitespace() {
        assert_eq!(actions(&profile, name), [KILL], "{name}");
    }
    for name in REFUSED.split_whitespace() {
        let answer = actions(&profile, name);
        assert!(answer.is_empty() || answer == [ERRNO], "{name}: {answer:?}");
    }
}

#[test]
fn clone_makes_no_namespace_and_clone3_sends_the_c_library_to_clone() {
    let profile = profile();
    let [group] = groups(&profile, "clone")[..] else {
        panic!("clone must be in one group")
    };
    let [
        Argument {
            index: 0,
            value,
            value_two: 0,
            op,
        },
    ] = &group.args[..]
    else {
        panic!("clone must be allowed by its flags only: {:?}", group.args)
    };
    assert_eq!((group.action.as_str(), op.as_str()), (ALLOW, "SCMP_CMP_MASKED_EQ"));
    assert_eq!(
        value & CLONE_NEW,
        CLONE_NEW,
        "flags that pass: {:#x}",
        CLONE_NEW & !value
    );
    let [group] = groups(&profile, "clone3")[..] else {
        panic!("clone3 must be in one group")
    };
    assert_eq!(
        (group.action.as_str(), group.errno_ret, group.args.len()),
        (ERRNO, Some(38), 0)
    );
}

#[test]
fn memory_that_no_limit_counts_is_not_given() {
    /// `MAP_HUGETLB` of mmap(2). The other ways to such pages are refused altogether.
    const HUGE: u64 = 0x4_0000;
    let profile = profile();
    let [group] = groups(&profile, "mmap")[..] else {
        panic!("mmap must be in one group")
    };
    let without_the_flag = Argument {
        index: 3,
        value: HUGE,
        value_two: 0,
        op: "SCMP_CMP_MASKED_EQ".to_owned(),
    };
    assert_eq!(
        (group.action.as_str(), &group.args[..]),
        (ALLOW, &[without_the_flag][..])
    );
    for name in ["shmget", "memfd_create", "remap_file_pages"] {
        assert!(!actions(&profile, name).contains(&ALLOW), "{name}");
    }
}

#[test]
fn calls_on_processes_reach_only_the_caller() {
    let profile = profile();
    for (name, index) in ONLY_ON_ITSELF {
        for group in groups(&profile, name) {
            assert!(allows_only(group, index, &[0]), "{name}: {:?}", group.args);
        }
    }
}

#[test]
fn what_a_call_can_do_beyond_the_box_is_filtered_by_its_arguments() {
    const AF_UNIX: u64 = 1;
    // Requests and options by which a program would reach a terminal, another process or the layout of memory.
    const TIOCSTI_AND_TIOCLINUX: [u64; 2] = [0x5412, 0x541c];
    const SET_MM_AND_SET_PTRACER: [u64; 2] = [35, 0x5961_6d61];
    let profile = profile();
    for (name, index, allowed) in [
        ("socket", 0, &[AF_UNIX][..]),
        ("socketpair", 0, &[AF_UNIX]),
        ("personality", 0, &[0, 0xffff_ffff]),
        ("seccomp", 0, &[1]),
    ] {
        for group in groups(&profile, name) {
            assert!(allows_only(group, index, allowed), "{name}: {:?}", group.args);
        }
    }
    for (name, index, forbidden) in [
        ("ioctl", 1, TIOCSTI_AND_TIOCLINUX),
        ("prctl", 0, SET_MM_AND_SET_PTRACER),
    ] {
        for group in groups(&profile, name) {
            let exact =
                |arg: &Argument| arg.index == index && arg.op == "SCMP_CMP_EQ" && !forbidden.contains(&arg.value);
            assert!(group.args.iter().any(exact), "{name}: {:?}", group.args);
        }
    }
    for (name, index) in [("mknod", 1), ("mknodat", 2)] {
        for group in groups(&profile, name) {
            let fifo = Argument {
                index,
                value: 0o170_000,
                value_two: 0o010_000,
                op: "SCMP_CMP_MASKED_EQ".to_owned(),
            };
            assert_eq!(group.args, [fifo], "{name}");
        }
    }
}

fn profile() -> Profile {
    serde_json::from_str(&fs::read_to_string("seccomp/python.json").unwrap()).unwrap()
}

/// The groups of a call, of which there must be one.
fn groups<'a>(profile: &'a Profile, name: &str) -> Vec<&'a Group> {
    let found: Vec<_> = profile
        .syscalls
        .iter()
        .filter(|group| group.names.iter().any(|named| named == name))
        .collect();
    assert!(!found.is_empty(), "{name} is not in the profile");
    found
}

/// The answers that the profile has for a call. None: the default action.
fn actions<'a>(profile: &'a Profile, name: &str) -> Vec<&'a str> {
    let named = profile
        .syscalls
        .iter()
        .filter(|group| group.names.iter().any(|named| named == name));
    named.map(|group| group.action.as_str()).collect()
}

/// All filters of a group must hold, so one that pins the argument is enough (seccomp(2), Docker's format).
fn allows_only(group: &Group, index: u32, values: &[u64]) -> bool {
    let pins = |arg: &Argument| arg.index == index && arg.op == "SCMP_CMP_EQ" && values.contains(&arg.value);
    group.action == ALLOW && group.args.iter().any(pins)
}
