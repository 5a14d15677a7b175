//! The steps of a new process before it is the judged program. They are the same for one that calls `execve` and for
//! the fork of a warm interpreter.
//!
//! Everything here runs in the child of a process that may have held locks when it forked, so it only makes system
//! calls (`signal-safety(7)`) and allocates nothing.

mod audit;
mod rlimits;

use std::ffi::CStr;

pub use audit::{AUDIT_PAGE, note_audit, read_audit};
use libc::c_int;
pub use rlimits::{RLIMITS_BYTES, Rlimits};

/// Descriptors of the child before they are in their places.
#[derive(Debug, Clone, Copy)]
pub struct ChildPipes {
    /// Becomes descriptor 0.
    pub stdin: c_int,
    /// Becomes descriptor 1.
    pub stdout: c_int,
    /// Becomes descriptor 2.
    pub stderr: c_int,
    /// Where a failure is reported. The parent reads end-of-file from it when the program begins.
    pub status: c_int,
}

/// How a child is set up.
#[derive(Debug, Clone, Copy)]
pub struct ChildSetup<'a> {
    /// Its streams.
    pub pipes: ChildPipes,
    /// Its work directory.
    pub work: &'a CStr,
    /// Its limits.
    pub rlimits: &'a Rlimits,
    /// How much it is preferred when something must be killed for memory, as text (`proc_pid_oom_score_adj(5)`).
    pub oom_score: &'a [u8],
}

/// For a judged program: it is killed before everything else when memory runs out.
pub const PROGRAM_OOM_SCORE: &[u8] = b"1000";

/// For a process that judged programs are forked from.
pub const ZYGOTE_OOM_SCORE: &[u8] = b"500";

/// Where a call failed, by its place in [`STAGES`]. Together with `errno` it travels as eight bytes.
pub const STAGES: [&str; 9] = [
    "setsid",
    "dup",
    "close_range",
    "chdir",
    "setrlimit",
    "prctl",
    "sigprocmask",
    "seccomp",
    "exec",
];

/// The stages behind all that [`set_up_child`] does.
pub const FILTER: u32 = 7;
/// See [`FILTER`].
pub const EXEC: u32 = 8;

/// Sets this process up as a judged program: its own session, its three streams and no other descriptor but
/// `status`, its work directory, its limits, and no blocked signal. `Err` is the stage.
///
/// # Safety
/// For the child of a fork only: it closes every descriptor above 2 but `status`, also those that others own. The
/// descriptors lie above 2.
pub unsafe fn set_up_child(setup: &ChildSetup<'_>) -> Result<(), u32> {
    let ChildSetup {
        pipes,
        work,
        rlimits,
        oom_score,
    } = *setup;
    // SAFETY: every call is async-signal-safe and gets open descriptors, and strings that end in NUL.
    unsafe {
        let mut at = 0;
        let mut step = |result: c_int| {
            let this = at;
            at += 1;
            if result < 0 { Err(this) } else { Ok(()) }
        };
        step(libc::setsid())?;
        // The pipes lie above 2, so no dup overwrites another.
        step(
            libc::dup2(pipes.stdin, 0)
                .min(libc::dup2(pipes.stdout, 1))
                .min(libc::dup2(pipes.stderr, 2)),
        )?;
        step(close_all_but(pipes.status))?;
        step(libc::chdir(work.as_ptr()))?;
        step(rlimits.apply())?;
        // No other process of the box is alive that could look into this copy of its parent. `exec` does the same; it
        // is needed before, since an undumpable process may not write its own files below /proc.
        step(libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0))?;
        set_oom_score(oom_score);
        step(reset_signals())
    }
}

/// Reports on `status` where it failed, and ends.
///
/// # Safety
/// For the child of a fork only: nothing of the parent's is run or flushed.
pub unsafe fn report(status: c_int, stage: u32) -> ! {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    let mut message = [0; 8];
    message[..4].copy_from_slice(&stage.to_le_bytes());
    message[4..].copy_from_slice(&errno.to_le_bytes());
    // SAFETY: the buffer is live; `_exit` runs nothing of the parent's.
    unsafe {
        libc::write(status, message.as_ptr().cast(), message.len());
        libc::_exit(127)
    }
}

/// # Safety
/// As for [`set_up_child`].
unsafe fn close_all_but(status: c_int) -> c_int {
    let above = libc::c_uint::try_from(status).unwrap_or(3);
    // SAFETY: closing descriptors of this process; they are not used any more.
    unsafe {
        let below = if above > 3 {
            libc::syscall(libc::SYS_close_range, 3, above - 1, 0)
        } else {
            0
        };
        let beyond = libc::syscall(libc::SYS_close_range, above + 1, libc::c_uint::MAX, 0);
        if below == 0 && beyond == 0 { 0 } else { -1 }
    }
}

/// Raising one's own score needs no right.
fn set_oom_score(score: &[u8]) {
    // SAFETY: the path ends in NUL, the buffer is live, and the descriptor is closed by whom it was opened.
    unsafe {
        let file = libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file >= 0 {
            libc::write(file, score.as_ptr().cast(), score.len());
            libc::close(file);
        }
    }
}

/// What is done at each signal is the kernel's default again, for a process that is about to execute a program: what
/// its ancestors ignore is inherited through `exec`. `posix_spawn(3)` of the C library leaves the two signals that
/// it keeps for itself ignored, and only the bare system call reaches those.
pub fn reset_dispositions() {
    /// `struct sigaction` of the kernel: all of it zero is `SIG_DFL`. aarch64 reads the first three words.
    const DEFAULT: [u64; 4] = [0; 4];
    /// Bytes of a set of signals, as the kernel has it.
    const SET_BYTES: usize = 8;
    const SIGNALS: c_int = 64;
    for signal in 1..=SIGNALS {
        // SAFETY: the kernel reads the structure, which is at least as long as its own, and writes nothing. SIGKILL and
        // SIGSTOP are refused, and have the default always.
        unsafe { libc::syscall(libc::SYS_rt_sigaction, signal, DEFAULT.as_ptr(), 0_usize, SET_BYTES) };
    }
}

/// The parent blocks signals, and a mask is inherited.
fn reset_signals() -> c_int {
    // SAFETY: `set` is initialised by `sigemptyset` before it is read.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut())
    }
}
