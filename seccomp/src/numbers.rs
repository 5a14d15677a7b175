//! Numbers of system calls of this architecture, by their names in the kernel (`arch/*/include/uapi/asm/unistd.h`).

use std::collections::BTreeMap;

#[cfg(target_arch = "x86_64")]
const TABLE: &str = include_str!("x86_64.txt");
#[cfg(target_arch = "aarch64")]
const TABLE: &str = include_str!("aarch64.txt");

/// Added to the number of a call that is made in the x32 ABI of x86_64.
#[cfg(target_arch = "x86_64")]
pub const X32_BIT: Option<u32> = Some(0x4000_0000);
#[cfg(not(target_arch = "x86_64"))]
pub const X32_BIT: Option<u32> = None;

/// Every call of this architecture.
pub fn table() -> BTreeMap<&'static str, u32> {
    TABLE
        .lines()
        .filter_map(|line| {
            let (number, name) = line.split_once(' ')?;
            Some((name, number.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! of_libc {
        ($($call:ident)*) => { [$((stringify!($call).trim_start_matches("SYS_"), libc::$call)),*] };
    }

    #[test]
    fn numbers_are_those_of_the_c_library_on_this_architecture() {
        let numbers = table();
        for (name, number) in of_libc!(
            SYS_read SYS_write SYS_close SYS_openat SYS_mmap SYS_munmap SYS_mprotect SYS_brk SYS_clone SYS_clone3
            SYS_execve SYS_execveat SYS_exit_group SYS_wait4 SYS_kill SYS_ptrace SYS_prctl SYS_seccomp SYS_bpf SYS_mount
            SYS_umount2 SYS_unshare SYS_setns SYS_chroot SYS_pivot_root SYS_memfd_create SYS_userfaultfd SYS_keyctl
            SYS_prlimit64 SYS_setpriority SYS_sched_setaffinity SYS_sched_setattr SYS_socket SYS_connect SYS_setsockopt
            SYS_process_vm_readv SYS_pidfd_open SYS_pidfd_getfd SYS_io_uring_setup SYS_statx SYS_rseq SYS_openat2
        ) {
            assert_eq!(numbers.get(name).copied().map(i64::from), Some(number), "{name}");
        }
    }
}
