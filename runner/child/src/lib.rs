//! What a new process does before it is the judged program: the same steps whether it goes on with `execve` or is the
//! fork of a warm interpreter.
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
pub struct Pipes {
    /// Becomes descriptor 0.
    pub stdin: c_int,
    /// Becomes descriptor 1.
    pub stdout: c_int,
    /// Becomes descriptor 2.
    pub stderr: c_int,
    /// Where a failure is told. Whoever started the child sees its end when the program begins.
    pub status: c_int,
}

/// What a program gets.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its streams.
    pub pipes: Pipes,
    /// Its work directory.
    pub work: &'a CStr,
    /// Its limits.
    pub rlimits: &'a Rlimits,
    /// How much it is preferred when something must be killed for memory, as text (`proc_pid_oom_score_adj(5)`).
    pub oom_score: &'a [u8],
}

/// For a judged program: when memory runs out, it shall die and nothing else.
pub const DIES_FIRST: &[u8] = b"1000";

/// For a process that judged programs come from.
pub const DIES_NEXT: &[u8] = b"500";

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

/// The stages behind all that [`settle`] does.
pub const FILTER: u32 = 7;
/// See [`FILTER`].
pub const EXEC: u32 = 8;

/// Gives this process the place of a judged program: its own session, its three streams and no other descriptor but
/// `status`, its work directory, its limits, and no blocked signal. `Err` is the stage.
///
/// # Safety
/// For the child of a fork only: it closes every descriptor above 2 but `status`, whoever owns it. The descriptors lie
/// above 2.
pub unsafe fn settle(place: &Place<'_>) -> Result<(), u32> {
    let Place {
        pipes,
        work,
        rlimits,
        oom_score,
    } = *place;
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
        // Of the box nobody else is alive now who could look into this copy of its parent. As exec does by itself; it
        // is needed before, since an undumpable process may not write its own files below /proc.
        step(libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0))?;
        prefer_for_oom_kill(oom_score);
        step(reset_signals())
    }
}

/// Says on `status` where it failed, and ends.
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
/// As for [`settle`].
unsafe fn close_all_but(status: c_int) -> c_int {
    let above = libc::c_uint::try_from(status).unwrap_or(3);
    // SAFETY: closing descriptors of this process; nobody uses them any more.
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
fn prefer_for_oom_kill(score: &[u8]) {
    // SAFETY: the path ends in NUL, the buffer is live, and the descriptor is closed by whom it was opened.
    unsafe {
        let file = libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file >= 0 {
            libc::write(file, score.as_ptr().cast(), score.len());
            libc::close(file);
        }
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
