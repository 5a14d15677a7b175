//! Ends everything in the box but the runner.

use std::fs;

use rustix::process::{Pid, Signal, getpid, kill_process};

use crate::harden::is_init;

/// Kills every other process of the box. Only PID 1 may ask the kernel for "all": elsewhere that would be the host.
pub(crate) fn kill_everything() {
    if is_init() {
        kill_all_of_the_namespace();
    } else {
        kill_descendants(getpid());
    }
}

fn kill_all_of_the_namespace() {
    // SAFETY: `kill(2)` with -1 touches no memory; it is called by PID 1 of a PID namespace only, where it reaches
    // the processes of this box and no others.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

fn kill_descendants(of: Pid) {
    let path = format!("/proc/{0}/task/{0}/children", of.as_raw_nonzero());
    let children = fs::read_to_string(path).unwrap_or_default();
    for child in children
        .split_ascii_whitespace()
        .filter_map(|pid| Pid::from_raw(pid.parse().ok()?))
    {
        kill_descendants(child);
        // It may have ended meanwhile.
        let _gone = kill_process(child, Signal::KILL);
    }
}
