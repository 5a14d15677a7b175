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

/// What it has counted.
pub(crate) fn examine() -> Result<BoxUse, GuestError> {
    let file = format!("{GROUP}/memory.events");
    let kills = || {
        let text = fs::read_to_string(&file)?;
        let line = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        let count = line.and_then(|count| count.trim().parse().ok());
        count.ok_or_else(|| io::Error::other("there is no oom_kill in it"))
    };
    Ok(BoxUse {
        memory_kills: kills().doing(|| format!("read {file}"))?,
    })
}

fn write(file: &str, value: &str) -> Result<(), GuestError> {
    fs::write(file, value).doing(|| format!("write {value:?} to {file}"))
}
