//! The share of CPU time that a box has in each period, where it has no CPUs of its own.
//!
//! Version 1: `cpu.cfs_quota_us` is -1 without one (`Documentation/scheduler/sched-bwc.rst` of the Linux kernel); version 2:
//! the first word of `cpu.max` is `max` (`Documentation/admin-guide/cgroup-v2.rst`).

use std::fs;

use crate::meters::threads::own_cpus;

const CPU_MAX: &str = "/sys/fs/cgroup/cpu.max";

/// Where the controller of version 1 can be.
const DIRECTORIES: [&str; 3] = [
    "/sys/fs/cgroup/cpu",
    "/sys/fs/cgroup/cpu,cpuacct",
    "/sys/fs/cgroup/cpuacct",
];

/// How many CPUs this box can keep busy.
pub(crate) fn cpus_of_box() -> u32 {
    quota_in_cpus().unwrap_or_else(own_cpus)
}

/// The quota, in whole CPUs; `None` without one.
pub(crate) fn quota_in_cpus() -> Option<u32> {
    of_version_2().or_else(|| DIRECTORIES.iter().find_map(|directory| of_version_1(directory)))
}

fn of_version_2() -> Option<u32> {
    let text = fs::read_to_string(CPU_MAX).ok()?;
    let (quota, period) = text.trim().split_once(' ')?;
    in_cpus(quota, period)
}

fn of_version_1(directory: &str) -> Option<u32> {
    let read = |name: &str| fs::read_to_string(format!("{directory}/{name}")).ok();
    in_cpus(read("cpu.cfs_quota_us")?.trim(), read("cpu.cfs_period_us")?.trim())
}

fn in_cpus(quota: &str, period: &str) -> Option<u32> {
    let (quota, period): (u64, u64) = (quota.parse().ok()?, period.parse().ok()?);
    u32::try_from(quota.div_ceil(period.max(1))).ok()
}
