//! Memory kills in the worker's own control group, which a box without walls is part of.
//!
//! `Documentation/admin-guide/cgroup-v1/memory.rst` and `cgroup-v2.rst` of the Linux kernel.

use std::fs;
use std::io;

use crate::sandbox::BoxMeter;

/// Counts what the kernel killed for memory among the processes of this worker.
pub(super) struct OwnGroupMeter;

impl BoxMeter for OwnGroupMeter {
    fn memory_kills(&self) -> io::Result<u64> {
        let groups = fs::read_to_string("/proc/self/cgroup")?;
        let text = files(&groups)
            .into_iter()
            .find_map(|path| fs::read_to_string(path).ok());
        // Outside of every control group only the whole host has a limit (`proc(5)`).
        let text = text.map_or_else(|| fs::read_to_string("/proc/vmstat"), Ok)?;
        let line = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        let count = line.and_then(|count| count.trim().parse().ok());
        count.ok_or_else(|| io::Error::other("the control group of this process has no oom_kill"))
    }
}

/// Where the counter may be, for a process in these control groups. In a container the path is that of the host, and the
/// group is at the root of what is mounted.
fn files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else {
            continue;
        };
        let path = path.trim_end_matches('/');
        if controllers.split(',').any(|name| name == "memory") {
            files.extend([path, ""].map(|path| format!("/sys/fs/cgroup/memory{path}/memory.oom_control")));
        } else if controllers.is_empty() {
            files.extend([path, ""].map(|path| format!("/sys/fs/cgroup{path}/memory.events")));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_of_either_version_is_found_and_can_be_read() {
        assert_eq!(
            files("4:memory:/a/b\n1:cpu:/\n0::/\n"),
            [
                "/sys/fs/cgroup/memory/a/b/memory.oom_control",
                "/sys/fs/cgroup/memory/memory.oom_control",
                "/sys/fs/cgroup/memory.events",
                "/sys/fs/cgroup/memory.events",
            ]
        );
        assert_eq!(files("0::/user.slice\n")[0], "/sys/fs/cgroup/user.slice/memory.events");
        assert!(OwnGroupMeter.memory_kills().is_ok());
    }
}
