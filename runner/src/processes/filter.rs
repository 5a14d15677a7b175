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

/// Calls that no judged program makes in good faith: the process is killed.
const KILLED: [i64; 48] = [
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
    libc::SYS_reboot,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    // Files by handle, and watching all files.
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // Time and names of the host.
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_settimeofday,
];

/// Calls whose flags lie in memory, where no filter can look: callers have another way.
const ABSENT: [i64; 2] = [libc::SYS_clone3, libc::SYS_memfd_create];

/// Calls that sleep with a pipe locked while they wait for a socket. Who reads or writes at the other end of the pipe, which
/// is the worker or the runner, waits with them, and no flag keeps it from that. Python reads and writes then.
const LOCKING: [i64; 4] = [libc::SYS_sendfile, libc::SYS_splice, libc::SYS_tee, libc::SYS_vmsplice];

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
            program(always(&KILLED), SeccompAction::KillProcess)?,
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
