//! Hardens the runner before its first report.

use std::io;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{DumpableBehavior, Pid, getpid, set_child_subreaper, set_dumpable_behavior};
use rustix::stdio::{stdin, stdout};
use rustix::thread::set_no_new_privs;

/// Prevents judged programs, which run as the same user, from reaching the runner.
pub(crate) fn harden() -> io::Result<()> {
    // Undumpable: no other process may trace it, or open its memory or its descriptors (`ptrace(2)`, `proc(5)`).
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_no_new_privs(true)?;
    // PID 1 inherits orphans anyway; outside a container this makes it so.
    set_child_subreaper(Some(getpid()))?;
    for end in [stdin(), stdout()] {
        fcntl_setfl(end, fcntl_getfl(end)? | OFlags::NONBLOCK)?;
        fcntl_setfd(end, FdFlags::CLOEXEC)?;
    }
    close_inherited()
}

/// Whether this process is the first of its PID namespace.
pub(crate) fn is_init() -> bool {
    getpid() == Pid::INIT
}

fn close_inherited() -> io::Result<()> {
    // SAFETY: no descriptor above 2 has been opened by this process yet, so none is owned by a value that would
    // close it again.
    let result = unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
