//! The share of CPU time that a box has in each period, where it has no CPUs of its own.
//!
//! Version 1: `cpu.cfs_quota_us` is -1 without one (`Documentation/scheduler/sched-bwc.rst` of the Linux kernel); version 2:
//! the first word of `cpu.max` is `max` (`Documentation/admin-guide/cgroup-v2.rst`).

/// The first word of one of these is a number where there is a quota.
const FILES: [&str; 4] = [
    "/sys/fs/cgroup/cpu.max",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpuacct/cpu.cfs_quota_us",
];

/// Whether the box has one.
pub(crate) fn has_cpu_quota() -> bool {
    let quota = |text: String| text.split_ascii_whitespace().next()?.parse::<u64>().ok();
    let texts = FILES.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    texts.filter_map(quota).next().is_some()
}
