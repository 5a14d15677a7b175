//! Ends everything in the box but the runner, and but the zygote where there is one.

use std::fs;

use rustix::process::{Pid, Signal, getpid, kill_process};

use crate::harden::is_init;
use crate::meters::meter::behind_name;

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
    let Some(children) = children_of(getpid()) else {
        // A kill that finds nothing to kill would end no limit.
        return kill_everything();
    };
    for child in children {
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

/// Whether any thread of `parent` has children, or there is more than one thread. One that has ended has none.
pub(crate) fn has_children(parent: i32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{parent}/task")) else {
        return false;
    };
    let children = || Pid::from_raw(parent).and_then(children_of).unwrap_or_default();
    threads.flatten().count() > 1 || !children().is_empty()
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

/// `None` where `/proc` does not show them.
fn children_of(parent: Pid) -> Option<Vec<Pid>> {
    listed_children(parent).or_else(|| found_children(parent))
}

/// Those of its first thread, from `proc_pid_task(5)`; `None` where the kernel was built without that list
/// (`CONFIG_PROC_CHILDREN`).
fn listed_children(parent: Pid) -> Option<Vec<Pid>> {
    let path = format!("/proc/{0}/task/{0}/children", parent.as_raw_nonzero());
    let children = fs::read_to_string(path).ok()?;
    let pids = children.split_ascii_whitespace();
    Some(pids.filter_map(|pid| Pid::from_raw(pid.parse().ok()?)).collect())
}

/// By the parent that each process names (`proc_pid_stat(5)`), which takes longer the more there are. A child of the runner
/// is there until the runner reaps it, so none is missed by who looks for these.
fn found_children(parent: Pid) -> Option<Vec<Pid>> {
    let names = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.file_name());
    let pids = names.filter_map(|name| Pid::from_raw(name.to_str()?.parse().ok()?));
    Some(pids.filter(|pid| parent_of(*pid) == Some(parent)).collect())
}

/// The second field behind the name; `None` of a process that has ended meanwhile.
fn parent_of(pid: Pid) -> Option<Pid> {
    let stat = fs::read(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    Pid::from_raw(behind_name(&stat)?.split_ascii_whitespace().nth(1)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "it starts programs, to find them")]

    use std::collections::BTreeSet;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn children_are_found_also_where_the_kernel_does_not_list_them() {
        let waiting = || {
            let cat = Command::new("cat").stdin(Stdio::piped()).spawn();
            cat.unwrap()
        };
        let mut programs = [waiting(), waiting(), waiting()];
        // One that has ended and was not waited for is a child too.
        programs[2].kill().unwrap();
        // Other tests of this process have children too.
        let found = found_children(getpid()).unwrap();
        for program in programs.iter().map(Pid::from_child) {
            assert!(found.contains(&program), "{found:?} without {program:?}");
        }
        assert!(!found.contains(&getpid()));
        // Children of a shell are those of its only thread, which are listed.
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 100 & sleep 100 & echo; wait"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Read::read_exact(shell.stdout.as_mut().unwrap(), &mut [0]).unwrap();
        let numbers = |children: Option<Vec<Pid>>| -> BTreeSet<i32> {
            children.unwrap().iter().map(|pid| pid.as_raw_nonzero().get()).collect()
        };
        let of_shell = Pid::from_child(&shell);
        let (listed, found) = (numbers(listed_children(of_shell)), numbers(found_children(of_shell)));
        assert_eq!((listed.len(), &listed), (2, &found));
        listed
            .iter()
            .for_each(|pid| kill_process(Pid::from_raw(*pid).unwrap(), Signal::KILL).unwrap());
        shell.wait().unwrap();
        let of_a_child = Pid::from_child(&programs[0]);
        assert_eq!(found_children(of_a_child), Some(Vec::new()));
        for program in &mut programs {
            program.kill().unwrap();
            program.wait().unwrap();
        }
        assert_eq!(parent_of(of_a_child), None);
    }
}
