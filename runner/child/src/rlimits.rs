//! Resource limits of a process (`getrlimit(2)`): the second layer, for when the control group or the runner's own
//! watch does not hold.

use libc::{c_int, rlim_t};

/// Number of limits that are set.
const COUNT: usize = 7;

/// Size of [`Rlimits::to_bytes`].
pub const RLIMITS_BYTES: usize = COUNT * ENTRY;

/// A resource and its two limits.
const ENTRY: usize = 4 + 8 + 8;

/// Limits of one process: resource, soft limit, hard limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rlimits([(c_int, rlim_t, rlim_t); COUNT]);

impl Rlimits {
    /// For a program that may use `cpu_us` of CPU time, have a stack of `stack_bytes`, write files of `file_bytes` and
    /// have `open_files` descriptors.
    #[must_use]
    pub fn new(cpu_us: u64, stack_bytes: u64, file_bytes: u64, open_files: u64) -> Self {
        let cpu_seconds = cpu_us.div_ceil(1_000_000) + 2;
        let both = |resource: u32, value: u64| (resource.cast_signed(), value, value);
        Self([
            both(libc::RLIMIT_CORE, 0),
            both(libc::RLIMIT_FSIZE, file_bytes),
            both(libc::RLIMIT_NOFILE, open_files),
            both(libc::RLIMIT_MSGQUEUE, 0),
            both(libc::RLIMIT_MEMLOCK, 64 << 10),
            (libc::RLIMIT_CPU.cast_signed(), cpu_seconds, cpu_seconds + 1),
            // Only the soft limit: programs raise it before deep recursion, often with a hard limit of infinity, and the
            // control group counts the stack.
            (libc::RLIMIT_STACK.cast_signed(), stack_bytes, libc::RLIM_INFINITY),
        ])
    }

    /// The soft limit of the stack.
    #[must_use]
    pub fn stack_bytes(&self) -> u64 {
        self.0[COUNT - 1].1
    }

    /// For a socket.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; RLIMITS_BYTES] {
        let mut bytes = [0; RLIMITS_BYTES];
        for (entry, (resource, soft, hard)) in bytes.chunks_exact_mut(ENTRY).zip(self.0) {
            entry[..4].copy_from_slice(&resource.to_le_bytes());
            entry[4..12].copy_from_slice(&soft.to_le_bytes());
            entry[12..].copy_from_slice(&hard.to_le_bytes());
        }
        bytes
    }

    /// From a socket.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; RLIMITS_BYTES]) -> Self {
        let mut limits = [(0, 0, 0); COUNT];
        for (entry, limit) in bytes.chunks_exact(ENTRY).zip(&mut limits) {
            let mut resource = [0; 4];
            let (mut soft, mut hard) = ([0; 8], [0; 8]);
            resource.copy_from_slice(&entry[..4]);
            soft.copy_from_slice(&entry[4..12]);
            hard.copy_from_slice(&entry[12..]);
            *limit = (
                c_int::from_le_bytes(resource),
                rlim_t::from_le_bytes(soft),
                rlim_t::from_le_bytes(hard),
            );
        }
        Self(limits)
    }

    /// Sets them in this process; negative when one cannot be set. No limit is ever raised.
    pub(crate) fn apply(&self) -> c_int {
        for &(resource, soft, hard) in &self.0 {
            // SAFETY: `getrlimit` fills in a live variable, `setrlimit` only reads one.
            let result = unsafe {
                let mut now = libc::rlimit {
                    rlim_cur: 0,
                    rlim_max: 0,
                };
                libc::getrlimit(resource.cast_unsigned(), &raw mut now);
                let hard = hard.min(now.rlim_max);
                let new = libc::rlimit {
                    rlim_cur: soft.min(hard),
                    rlim_max: hard,
                };
                // Most are those of the zygote already.
                match (new.rlim_cur, new.rlim_max) == (now.rlim_cur, now.rlim_max) {
                    true => 0,
                    false => libc::setrlimit(resource.cast_unsigned(), &raw const new),
                }
            };
            if result != 0 {
                return result;
            }
        }
        0
    }
}
