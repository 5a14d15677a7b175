//! A second seccomp filter, under which everything runs that the runner starts.
//!
//! The container's profile holds for the runner too, so it allows what only the runner needs, and it is Docker's to load.
//! This one is the runner's own: it holds where that profile was left out, and it takes from a program the means to
//! install filters and to adopt its orphans. Filters add up; the strictest answer counts (`seccomp(2)`).

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Calls that no judged program makes in good faith: the process is killed. Those of the profile, which a test holds against
/// them.
const KILLED: &[i64] = &[
    // Looking into other processes.
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    // Programs in the kernel, its events, queues that no filter sees, page faults that wait for a program.
    libc::SYS_bpf,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    // Namespaces, mounts and roots.
    libc::SYS_chroot,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    OPEN_TREE_ATTR,
    libc::SYS_pivot_root,
    libc::SYS_setns,
    libc::SYS_umount2,
    libc::SYS_unshare,
    // Keys of the kernel.
    libc::SYS_add_key,
    libc::SYS_keyctl,
    libc::SYS_request_key,
    // The kernel itself.
    libc::SYS_acct,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_kexec_load,
    libc::SYS_quotactl,
    QUOTACTL_FD,
    libc::SYS_reboot,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    // Files by handle, and watching all files.
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_lookup_dcookie,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // Memory that not even the kernel maps.
    MEMFD_SECRET,
    // Time, names and the terminal of the host.
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_settimeofday,
    libc::SYS_vhangup,
    libc::SYS_nfsservctl,
];

/// Those of this architecture alone, its hardware and old interfaces among them; the numbers are calls that some C libraries
/// do not name.
#[cfg(target_arch = "x86_64")]
const KILLED_HERE: &[i64] = &[
    libc::SYS__sysctl,
    libc::SYS_ioperm,
    libc::SYS_iopl,
    libc::SYS_kexec_file_load,
    libc::SYS_modify_ldt,
    libc::SYS_uselib,
    174, // create_module
    177, // get_kernel_syms
    178, // query_module
];
#[cfg(target_arch = "aarch64")]
const KILLED_HERE: &[i64] = &[294]; // kexec_file_load

/// Newer than the headers of some C libraries, with the same number everywhere.
const QUOTACTL_FD: i64 = 443;
const MEMFD_SECRET: i64 = 447;
const OPEN_TREE_ATTR: i64 = 467;

/// Calls whose flags lie in memory, where no filter can look: callers have another way.
const ABSENT: [i64; 2] = [libc::SYS_clone3, libc::SYS_memfd_create];

/// Calls that sleep with a pipe locked while they wait for a socket. Who reads or writes at the other end of the pipe, which
/// is the worker or the runner, waits with them, and no flag keeps it from that. Python reads and writes then.
const LOCKING: [i64; 4] = [libc::SYS_sendfile, libc::SYS_splice, libc::SYS_tee, libc::SYS_vmsplice];

/// Memory out of the host's pool of huge pages, which no limit of memory counts: flags of `mmap(2)`.
fn huge_pages() -> Rule {
    let flag = u64::from(libc::MAP_HUGETLB.cast_unsigned());
    when(3, SeccompCmpOp::MaskedEq(flag), flag)
}

/// Calls of another ABI, which have the architecture of x86_64 and numbers of their own (`seccomp(2)`): no rule above is
/// about these.
#[cfg(target_arch = "x86_64")]
fn x32() -> BpfProgram {
    use seccompiler::sock_filter;
    /// Added to the number of a call.
    const X32_BIT: u32 = 0x4000_0000;
    /// `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | BPF_JGE | BPF_K`, `BPF_RET | BPF_K` of `linux/bpf_common.h`; the number lies at
    /// the start of what a filter sees.
    const LOAD: u16 = 0x20;
    const JUMP_FROM: u16 = 0x35;
    const RETURN: u16 = 0x06;
    let instruction = |code, jf, k| sock_filter { code, jt: 0, jf, k };
    vec![
        instruction(LOAD, 0, 0),
        instruction(JUMP_FROM, 1, X32_BIT),
        instruction(RETURN, 0, SeccompAction::KillProcess.into()),
        instruction(RETURN, 0, SeccompAction::Allow.into()),
    ]
}

/// Ways to make holes in a file that is mapped: `fallocate(2)` with a mode, and `MADV_REMOVE` of `madvise(2)`. A page in
/// such a hole is waited for until the whole of it is made. A program can write from such a page to a pipe, which is locked
/// meanwhile.
fn holes() -> Result<Rules, seccompiler::BackendError> {
    let remove = when(2, SeccompCmpOp::Eq, u64::from(libc::MADV_REMOVE.cast_unsigned()))?;
    Ok(Rules::from([
        (libc::SYS_fallocate, vec![other_than(1, 0)?]),
        (libc::SYS_madvise, vec![remove]),
    ]))
}

/// New namespaces, each a flag of `clone(2)`.
const NAMESPACES: [i32; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// Options of `prctl(2)` that are for the runner alone, and the one that keeps others off the sibling of a CPU.
const REFUSED_OPTIONS: [i32; 3] = [libc::PR_SET_SECCOMP, libc::PR_SET_CHILD_SUBREAPER, libc::PR_SCHED_CORE];

/// Bits of the type in the second argument of `socket(2)`; the others are flags (`SOCK_TYPE_MASK` of the kernel).
const TYPE_OF_SOCKET: u64 = 0xf;

/// Options of `setsockopt(2)` that give the kernel a program to run on a socket, or lock it there.
const PROGRAMS_ON_SOCKETS: [i32; 5] = [
    libc::SO_ATTACH_FILTER,
    libc::SO_LOCK_FILTER,
    libc::SO_ATTACH_BPF,
    libc::SO_ATTACH_REUSEPORT_CBPF,
    libc::SO_ATTACH_REUSEPORT_EBPF,
];

/// `MADV_COLLAPSE` of `madvise(2)`: pages of a file that it moves together stay so for each process that maps the file later.
const COLLAPSE: u64 = 25;

/// The filters, compiled: a new process only loads them.
pub(crate) struct Filters(Vec<BpfProgram>);

impl Filters {
    /// For a box in which a program may choose its CPUs, or not.
    pub(crate) fn compile(chooses_cpus: bool) -> Result<Self, seccompiler::BackendError> {
        let success = SeccompAction::Errno(0);
        let eperm = SeccompAction::Errno(libc::EPERM.cast_unsigned());
        let enosys = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
        let not_here = SeccompAction::Errno(libc::EOPNOTSUPP.cast_unsigned());
        let mut filters = vec![
            #[cfg(target_arch = "x86_64")]
            x32(),
            program(always(&killed()), SeccompAction::KillProcess)?,
            program(always(&ABSENT), enosys.clone())?,
            program(always(&LOCKING), enosys)?,
            program(holes()?, not_here)?,
        ];
        if !chooses_cpus {
            filters.push(program(choice_of_cpus()?, success)?);
        }
        // The last one, since it forbids to install more.
        filters.push(program(refused()?, eperm)?);
        Ok(Self(filters))
    }

    /// Installs them in this process; negative when that fails. Makes system calls only.
    pub(crate) fn install(&self) -> libc::c_int {
        if self.0.iter().all(|filter| apply_filter(filter).is_ok()) {
            0
        } else {
            -1
        }
    }
}

fn program(rules: Rules, action: SeccompAction) -> Result<BpfProgram, seccompiler::BackendError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, SeccompAction::Allow, action, arch)?.try_into()
}

fn killed() -> Vec<i64> {
    [KILLED, KILLED_HERE].concat()
}

fn always(calls: &[i64]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

type Rule = Result<SeccompRule, seccompiler::BackendError>;

fn when(argument: u8, operator: SeccompCmpOp, value: u64) -> Rule {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?;
    SeccompRule::new(vec![condition])
}

fn other_than(argument: u8, value: i32) -> Rule {
    when(argument, SeccompCmpOp::Ne, u64::from(value.cast_unsigned()))
}

/// All but local ones, and of these the type by which a zygote's are told from those that a program left.
fn sockets() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let seqpacket = u64::from(libc::SOCK_SEQPACKET.cast_unsigned());
    let of_zygotes = when(1, SeccompCmpOp::MaskedEq(TYPE_OF_SOCKET), seqpacket)?;
    Ok(vec![other_than(0, libc::AF_UNIX)?, of_zygotes])
}

/// A program with several CPUs that keeps to one of them, and takes all again before anybody looks, would seem to have
/// starved in between. It is told that it has chosen, and keeps them all.
fn choice_of_cpus() -> Result<Rules, seccompiler::BackendError> {
    let of_the_caller = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, 0)?;
    // OpenMP asks without a mask whether the kernel has the call, and takes only `EFAULT` for an answer.
    let with_a_mask = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0)?;
    let chooses = SeccompRule::new(vec![of_the_caller, with_a_mask])?;
    Ok(Rules::from([(libc::SYS_sched_setaffinity, vec![chooses])]))
}

fn refused() -> Result<Rules, seccompiler::BackendError> {
    let flag = |flag: i32| {
        let flag = u64::from(flag.cast_unsigned());
        when(0, SeccompCmpOp::MaskedEq(flag), flag)
    };
    let option = |option: i32| when(0, SeccompCmpOp::Eq, u64::from(option.cast_unsigned()));
    Ok(Rules::from([
        (
            libc::SYS_clone,
            NAMESPACES.into_iter().map(flag).collect::<Result<_, _>>()?,
        ),
        (
            libc::SYS_prctl,
            REFUSED_OPTIONS.into_iter().map(option).collect::<Result<_, _>>()?,
        ),
        (
            libc::SYS_setsockopt,
            PROGRAMS_ON_SOCKETS
                .into_iter()
                .map(|option| when(2, SeccompCmpOp::Eq, u64::from(option.cast_unsigned())))
                .collect::<Result<_, _>>()?,
        ),
        (libc::SYS_seccomp, Vec::new()),
        (libc::SYS_madvise, vec![when(2, SeccompCmpOp::Eq, COLLAPSE)?]),
        (libc::SYS_mmap, vec![huge_pages()?]),
        // Objects that outlive their process: in no writable place, they would outlive the test too.
        (libc::SYS_mq_open, Vec::new()),
        (libc::SYS_msgget, Vec::new()),
        (libc::SYS_semget, Vec::new()),
        (libc::SYS_shmget, Vec::new()),
        (libc::SYS_socket, sockets()?),
        (libc::SYS_socketpair, sockets()?),
        // Only the caller itself, and never the runner, which has the same user.
        (libc::SYS_prlimit64, vec![other_than(0, 0)?]),
        (libc::SYS_sched_setaffinity, vec![other_than(0, 0)?]),
        (libc::SYS_setpriority, vec![other_than(0, 0)?, other_than(1, 0)?]),
        // Another policy, and back: the kernel gives such a program less of a CPU for as long as no look sees it.
        (libc::SYS_sched_setattr, Vec::new()),
        (libc::SYS_sched_setparam, Vec::new()),
        (libc::SYS_sched_setscheduler, Vec::new()),
    ]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use assize_seccomp::{Action, PROFILE, Profile, table};

    use super::*;

    /// Calls that the container's profile answers otherwise: the runtime makes them after it has loaded it.
    const ONLY_HERE: [&str; 4] = ["fsconfig", "fsmount", "fsopen", "open_tree"];

    #[test]
    fn it_kills_for_the_calls_that_the_profile_kills_for() {
        let profile = Profile::parse(PROFILE).unwrap();
        let numbers = table();
        let deadly = profile.rules.iter().filter(|rule| rule.action == Action::KillProcess);
        let names = deadly.flat_map(|rule| &rule.names).map(String::as_str).chain(ONLY_HERE);
        let expected: BTreeSet<i64> = names.filter_map(|name| Some(i64::from(*numbers.get(name)?))).collect();
        let killed: BTreeSet<i64> = killed().into_iter().collect();
        let named = |calls: BTreeSet<i64>| -> Vec<&str> {
            let is_meant = |number: u32| calls.contains(&i64::from(number));
            let found = numbers.iter().filter(|(_name, number)| is_meant(**number));
            found.map(|(name, _number)| *name).collect()
        };
        let missing = named(&expected - &killed);
        let besides = named(&killed - &expected);
        assert!(
            missing.is_empty() && besides.is_empty(),
            "missing: {missing:?}; besides: {besides:?}"
        );
        assert_eq!(killed.len(), expected.len(), "a number is no call of this architecture");
    }

    /// How a child ends that makes this call under the filters: with what the call answers, or by a signal.
    fn end_of(filters: &Filters, number: i64, arguments: [i64; 6]) -> i32 {
        let [a, b, c, d, e, f] = arguments;
        // SAFETY: the child of this fork makes system calls only, and ends by one.
        let child = unsafe { libc::fork() };
        if child == 0 {
            filters.install();
            // SAFETY: none of the calls below reads or writes what is not the child's own.
            unsafe {
                let answer = libc::syscall(number, a, b, c, d, e, f);
                libc::_exit(if answer < 0 { *libc::__errno_location() } else { 0 });
            }
        }
        let mut status = 0;
        // SAFETY: the pointer is to a live variable.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        match libc::WIFSIGNALED(status) {
            true => -libc::WTERMSIG(status),
            false => libc::WEXITSTATUS(status),
        }
    }

    #[test]
    fn the_kernel_takes_the_filters_and_answers_as_they_say() {
        const PRIVATE: i64 = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS) as i64;
        const HUGE: i64 = libc::MAP_HUGETLB as i64;
        const TWO_MIB: i64 = 2 << 20;
        let (killed, refused) = (-libc::SIGSYS, libc::EPERM);
        let filters = Filters::compile(true).unwrap();
        let map = |flags| [0, TWO_MIB, i64::from(libc::PROT_READ), flags, -1, 0];
        let mut calls = vec![
            ("getpid", libc::SYS_getpid, [0; 6], 0),
            ("mmap", libc::SYS_mmap, map(PRIVATE), 0),
            ("mmap of huge pages", libc::SYS_mmap, map(PRIVATE | HUGE), refused),
            (
                "mmap of pages of 1 GiB",
                libc::SYS_mmap,
                map(PRIVATE | HUGE | 30 << 26),
                refused,
            ),
            (
                "mmap with a high bit",
                libc::SYS_mmap,
                map(PRIVATE | HUGE | 1 << 40),
                refused,
            ),
            (
                "madvise of huge pages",
                libc::SYS_madvise,
                [0, 0, libc::MADV_HUGEPAGE.into(), 0, 0, 0],
                0,
            ),
            ("ptrace", libc::SYS_ptrace, [0; 6], killed),
            ("memfd_secret", MEMFD_SECRET, [0; 6], killed),
        ];
        if cfg!(target_arch = "x86_64") {
            let x32 = |number| number | 0x4000_0000;
            calls.push(("getpid of x32", x32(libc::SYS_getpid), [0; 6], killed));
            calls.push(("mount of x32", x32(libc::SYS_mount), [0; 6], killed));
        }
        for (name, number, arguments, expected) in calls {
            assert_eq!(end_of(&filters, number, arguments), expected, "{name}");
        }
    }
}
