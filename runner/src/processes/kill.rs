//! Ends everything in the box but the runner, and but the zygote where there is one.

use std::fs;

use rustix::process::{Pid, Signal, getpid, kill_process};

use crate::harden::is_init;

/// Kills every other process of the box.
pub(crate) fn kill_everything() {
    if is_init() {
        kill_all_of_the_namespace();
    } else {
        kill_descendants(getpid());
    }
}

/// Kills the children of the runner but `spared`. Theirs become the runner's own, and are killed by the next call.
pub(crate) fn kill_children_except(spared: i32) {
    for child in children_of(getpid()).unwrap_or_default() {
        if child.as_raw_nonzero().get() != spared {
            // It may have ended meanwhile.
            let _gone = kill_process(child, Signal::KILL);
        }
    }
}

/// Whether `spared` is all that is left in the box, zombies included.
///
/// A process whose parent ends becomes a child of the runner. So when the runner has no other child, and `spared` has
/// none ([`has_children`]), nothing is left of a test.
pub(crate) fn is_only_child(spared: i32) -> bool {
    children_of(getpid()).is_some_and(|children| children.iter().all(|child| child.as_raw_nonzero().get() == spared))
}

/// Whether any thread of `parent` has children, or there is more than one thread.
pub(crate) fn has_children(parent: i32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{parent}/task")) else {
        return false;
    };
    let mut count = 0;
    for thread in threads.flatten() {
        count += 1;
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        if count > 1 || !children.trim().is_empty() {
            return true;
        }
    }
    false
}

/// Only PID 1 may ask the kernel for "all": elsewhere that would be the host.
fn kill_all_of_the_namespace() {
    // SAFETY: `kill(2)` with -1 touches no memory; it is called by PID 1 of a PID namespace only, where it reaches
    // the processes of this box and no others.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

fn kill_descendants(of: Pid) {
    for child in children_of(of).unwrap_or_default() {
        kill_descendants(child);
        let _gone = kill_process(child, Signal::KILL);
    }
}

/// From `proc_pid_task(5)`; `None` where the kernel does not show it.
fn children_of(parent: Pid) -> Option<Vec<Pid>> {
    let path = format!("/proc/{0}/task/{0}/children", parent.as_raw_nonzero());
    let children = fs::read_to_string(path).ok()?;
    Some(
        children
            .split_ascii_whitespace()
            .filter_map(|pid| Pid::from_raw(pid.parse().ok()?))
            .collect(),
    )
}
