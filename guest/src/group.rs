//! The control group of the box, of version 2 (`Documentation/admin-guide/cgroup-v2.rst` of the Linux kernel).

use std::fs;
use std::io;

use assize_guest_protocol::{BoxUse, UseLimits};

use crate::error::{Doing as _, GuestError};

/// All groups.
const BASE: &str = "/sys/fs/cgroup";

/// That of the box.
pub(crate) const GROUP: &str = "/sys/fs/cgroup/box";

/// Lets the groups below the first one have limits.
pub(crate) fn enable_controllers() -> Result<(), GuestError> {
    write(&format!("{BASE}/cgroup.subtree_control"), "+cpu +memory +pids")
}

/// Makes the group of the box.
pub(crate) fn make(limits: UseLimits) -> Result<(), GuestError> {
    fs::create_dir(GROUP).doing(|| format!("make {GROUP}"))?;
    resize(limits)
}

/// Gives it these limits.
pub(crate) fn resize(limits: UseLimits) -> Result<(), GuestError> {
    write(&format!("{GROUP}/memory.max"), &limits.memory_bytes.to_string())?;
    write(&format!("{GROUP}/pids.max"), &limits.processes.to_string())
}

/// Puts this process into it.
pub(crate) fn join() -> Result<(), GuestError> {
    write(&format!("{GROUP}/cgroup.procs"), "0")
}

/// What it has counted. The kernel counts each kill there, whatever was short of memory; `oom` counts what failed at the
/// limit of the box.
pub(crate) fn examine() -> Result<BoxUse, GuestError> {
    let file = format!("{GROUP}/memory.events");
    let text = fs::read_to_string(&file).doing(|| format!("read {file}"))?;
    used(&text).doing(|| format!("read {file}"))
}

fn used(events: &str) -> io::Result<BoxUse> {
    let number = |key: &str| {
        let line = events
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let count = line.and_then(|count| count.trim().parse::<u64>().ok());
        count.ok_or_else(|| io::Error::other(format!("there is no {key} in it")))
    };
    let kills = number("oom_kill")?;
    let (memory_kills, memory_kills_by_guest) = if number("oom")? > 0 { (kills, 0) } else { (0, kills) };
    Ok(BoxUse {
        memory_kills,
        memory_kills_by_guest,
    })
}

fn write(file: &str, value: &str) -> Result<(), GuestError> {
    fs::write(file, value).doing(|| format!("write {value:?} to {file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_counts_for_the_box_only_where_it_came_to_its_limit() {
        let used = |text| {
            used(text)
                .map(|used| (used.memory_kills, used.memory_kills_by_guest))
                .ok()
        };
        assert_eq!(used("max 7\noom 2\noom_kill 1\n"), Some((1, 0)));
        assert_eq!(used("max 0\noom 0\noom_kill 1\n"), Some((0, 1)));
        assert_eq!(used("max 0\noom 0\noom_kill 0\n"), Some((0, 0)));
        assert_eq!(used("max 0\noom 0\n"), None);
    }
}
