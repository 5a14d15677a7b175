//! Waiting for child processes: which one ended, how, and what it used.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};

use assize_protocol::Ended;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// A process that ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reaped {
    pub(crate) pid: i32,
    pub(crate) ended: Ended,
    /// CPU time of it and of the children that it waited for, in microseconds.
    pub(crate) cpu_us: u64,
    /// Its peak, in bytes.
    pub(crate) peak_bytes: u64,
}

/// Reports that children have ended.
pub(crate) struct Reaper {
    signals: OwnedFd,
}

impl Reaper {
    /// Turns `SIGCHLD` into something that can be polled.
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: `set` is initialised by `sigemptyset` before it is used, and both calls only read it.
        // The descriptor that `signalfd` returns is new and has no other owner.
        unsafe {
            let mut set = std::mem::zeroed();
            libc::sigemptyset(&raw mut set);
            libc::sigaddset(&raw mut set, libc::SIGCHLD);
            if libc::sigprocmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
            let signals = libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK);
            if signals < 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(Self {
                signals: OwnedFd::from_raw_fd(signals),
            })
        }
    }

    /// Readable when a child has ended since the last [`Reaper::drain`].
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.signals.as_fd()
    }

    /// Forgets the signals that have come. To be called before the children are waited for, or one may be missed.
    pub(crate) fn drain(&self) {
        let mut signals = [0; 128 * 8];
        while matches!(rustix::io::read(&self.signals, &mut signals), Ok(read) if read > 0) {}
    }
}

/// What waiting for any child gives.
pub(crate) enum Waited {
    /// This child has ended.
    Reaped(Reaped),
    /// There are children, and none of them has ended.
    AllAlive,
    /// There are no children.
    NoChildren,
}

/// Reaps one child that has ended, without waiting for one.
pub(crate) fn wait_any() -> Waited {
    let mut status = 0;
    // SAFETY: an all-zero `rusage` is a valid value of that plain structure.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live variables of the types that `wait4` fills in.
    let pid = unsafe { libc::wait4(-1, &raw mut status, libc::WNOHANG, &raw mut usage) };
    match pid {
        0 => Waited::AllAlive,
        pid if pid > 0 => Waited::Reaped(Reaped {
            pid,
            ended: ended(status),
            cpu_us: micros(usage.ru_utime) + micros(usage.ru_stime),
            peak_bytes: u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024,
        }),
        _ => Waited::NoChildren,
    }
}

/// Whether this child has ended and was not reaped yet.
pub(crate) fn has_ended(child: i32) -> bool {
    let looking = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    Pid::from_raw(child).is_some_and(|child| matches!(waitid(WaitId::Pid(child), looking), Ok(Some(_))))
}

fn ended(status: i32) -> Ended {
    if libc::WIFSIGNALED(status) {
        Ended::Signal(libc::WTERMSIG(status))
    } else {
        Ended::Exit(libc::WEXITSTATUS(status))
    }
}

fn micros(time: libc::timeval) -> u64 {
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000 + u64::try_from(time.tv_usec).unwrap_or(0)
}
