//! What the box has used, from its control group where that can be read.
//!
//! Files of version 1: `Documentation/admin-guide/cgroup-v1/{cpuacct,memory}.rst`; of version 2:
//! `Documentation/admin-guide/cgroup-v2.rst` of the Linux kernel.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use rustix::time::{ClockId, clock_gettime};

use crate::harden::is_init;

/// CPU time counters with what one unit is in nanoseconds.
const CPU: [(&str, &str, u64); 3] = [
    ("/sys/fs/cgroup/cpu.stat", "usage_usec", 1000),
    ("/sys/fs/cgroup/cpuacct/cpuacct.usage", "", 1),
    ("/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", "", 1),
];

/// Memory in use that cannot be dropped: anonymous memory and what lies in tmpfs. Page cache is not a program's doing.
const MEMORY: [(&str, [&str; 2]); 2] = [
    ("/sys/fs/cgroup/memory.stat", ["anon", "shmem"]),
    ("/sys/fs/cgroup/memory/memory.stat", ["rss", "shmem"]),
];

/// Processes that were killed for memory. The counters only grow.
const OOM_KILLS: [&str; 2] = [
    "/sys/fs/cgroup/memory.events",
    "/sys/fs/cgroup/memory/memory.oom_control",
];

/// Processes that the limit of the box refused (`pids.rst` in version 1, `cgroup-v2.rst`). The counter only grows.
const REFUSED: [&str; 2] = ["/sys/fs/cgroup/pids.events", "/sys/fs/cgroup/pids/pids.events"];

/// Open files of the control group.
pub(crate) struct Meter {
    cpu: Option<(File, &'static str, u64)>,
    memory: Option<(File, [&'static str; 2])>,
    oom_kills: Option<File>,
    refused: Option<File>,
}

impl Meter {
    /// Outside a container the files are those of the host and say nothing about a box.
    pub(crate) fn open() -> Self {
        if !is_init() {
            return Self {
                cpu: None,
                memory: None,
                oom_kills: None,
                refused: None,
            };
        }
        Self {
            cpu: CPU
                .into_iter()
                .find_map(|(path, key, unit)| Some((File::open(path).ok()?, key, unit))),
            memory: MEMORY
                .into_iter()
                .find_map(|(path, keys)| Some((File::open(path).ok()?, keys))),
            oom_kills: OOM_KILLS.into_iter().find_map(|path| File::open(path).ok()),
            refused: REFUSED.into_iter().find_map(|path| File::open(path).ok()),
        }
    }

    /// CPU time of everything in the box but the runner, in microseconds.
    pub(crate) fn cpu_us(&self) -> Option<u64> {
        let (file, key, unit) = self.cpu.as_ref()?;
        let total_ns = number(&read(file)?, key)? * unit;
        Some(total_ns.saturating_sub(own_cpu_ns()) / 1000)
    }

    /// Memory in use, in bytes.
    pub(crate) fn memory_bytes(&self) -> Option<u64> {
        let (file, keys) = self.memory.as_ref()?;
        let text = read(file)?;
        Some(keys.iter().filter_map(|key| number(&text, key)).sum())
    }

    /// Processes killed for memory since the box began.
    pub(crate) fn oom_kills(&self) -> u64 {
        let count = || number(&read(self.oom_kills.as_ref()?)?, "oom_kill");
        count().unwrap_or(0)
    }

    /// Processes refused since the box began.
    pub(crate) fn refused_processes(&self) -> u64 {
        let count = || number(&read(self.refused.as_ref()?)?, "max");
        count().unwrap_or(0)
    }
}

/// From the start each time: these files are made anew by every read.
fn read(file: &File) -> Option<String> {
    let mut buffer = [0; 8192];
    let length = file.read_at(&mut buffer, 0).ok()?;
    Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

/// The number behind `key`; with an empty key, the number that is the whole file.
fn number(text: &str, key: &str) -> Option<u64> {
    if key.is_empty() {
        return text.trim().parse().ok();
    }
    text.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok())
}

fn own_cpu_ns() -> u64 {
    let own = clock_gettime(ClockId::ProcessCPUTime);
    u64::try_from(own.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(own.tv_nsec).unwrap_or(0)
}

/// CPU time of one living process, in microseconds: fields 14 and 15 of `/proc/PID/stat`, in hundredths (`proc(5)`).
pub(crate) fn process_cpu_us(pid: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, behind_name) = stat.rsplit_once(')')?;
    let ticks = behind_name
        .split_ascii_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok());
    Some(ticks.sum::<u64>() * 10_000)
}
