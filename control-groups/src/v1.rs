//! Version 1: a hierarchy per controller (`Documentation/admin-guide/cgroup-v1/` of the Linux kernel).

use std::path::{Path, PathBuf};

use super::mounts::Mounts;
use super::{BoxGroup, GroupLimits, file, hugetlb, swap};
use crate::error::GroupError;
use crate::memory::MemoryFiles;

/// What limits and counts a box. The first holds the list of its processes.
const CONTROLLERS: [&str; 5] = ["pids", "memory", "cpuacct", "cpu", "cpuset"];

/// Those that a runner reads, and where it looks for them.
const SHOWN: [(&str, &str); 4] = [
    ("memory", "/sys/fs/cgroup/memory"),
    ("cpu", "/sys/fs/cgroup/cpu"),
    ("cpuacct", "/sys/fs/cgroup/cpuacct"),
    ("pids", "/sys/fs/cgroup/pids"),
];

/// Microseconds in which a quota of CPU time is counted.
const PERIOD_US: u64 = 100_000;

/// The program's group in each hierarchy.
#[derive(Debug)]
pub(super) struct Hierarchies(Vec<(&'static str, PathBuf)>);

impl Hierarchies {
    pub(super) fn open(mounts: &Mounts, name: &str) -> Result<Self, GroupError> {
        let mut bases = Vec::new();
        for controller in CONTROLLERS {
            let point = mounts.controllers.get(controller).ok_or_else(|| {
                let reason = format!("the controller {controller} is not mounted, so it cannot limit boxes");
                let remedy = format!(
                    "mount -t cgroup -o {controller} cgroup /sys/fs/cgroup/{controller}, or boot with version 2"
                );
                GroupError::new(reason, remedy)
            })?;
            let mut directory = point.clone();
            for part in name.split('/') {
                directory.push(part);
                file::make(&directory)?;
                if controller == "cpuset" {
                    take_cpus_of_parent(&directory)?;
                }
            }
            bases.push((controller, directory));
        }
        bases.extend(besides(mounts, name).map(|directory| (hugetlb::CONTROLLER, directory)));
        Ok(Self(bases))
    }

    pub(super) fn first(&self) -> &Path {
        &self.0[0].1
    }

    pub(super) fn bases(&self) -> Vec<PathBuf> {
        let mut bases: Vec<PathBuf> = self.0.iter().map(|(_controller, base)| base.clone()).collect();
        // Two controllers may be mounted at one place.
        bases.dedup();
        bases
    }

    fn directory(&self, controller: &str, id: &str) -> PathBuf {
        let found = self.0.iter().find(|(name, _base)| *name == controller);
        found.map_or_else(PathBuf::new, |(_name, base)| base.join(id))
    }

    pub(super) fn make(&self, id: &str, limits: &GroupLimits) -> Result<BoxGroup, GroupError> {
        let at = |controller: &str| self.directory(controller, id);
        let mut directories: Vec<PathBuf> = self.0.iter().map(|(_controller, base)| base.join(id)).collect();
        directories.dedup();
        let swap = swap::has_limit(&self.directory("memory", "").join("memory.memsw.limit_in_bytes"))?;
        let group = BoxGroup {
            directories,
            memory: MemoryFiles::One {
                directory: at("memory"),
                swap,
            },
            processes: at("pids").join("pids.max"),
            shown: SHOWN.map(|(controller, place)| (at(controller), place)).to_vec(),
        };
        let made = self.make_and_limit(&group, id, limits);
        if made.is_err() {
            // It has no processes yet; what is left is swept.
            let _removed = group.remove();
        }
        made.map(|()| group)
    }

    fn make_and_limit(&self, group: &BoxGroup, id: &str, limits: &GroupLimits) -> Result<(), GroupError> {
        for directory in &group.directories {
            file::make(directory)?;
            hugetlb::forbid(directory)?;
        }
        let at = |controller: &str, name: &str| self.directory(controller, id).join(name);
        let cpuset = self.directory("cpuset", id);
        take_cpus_of_parent(&cpuset)?;
        if limits.cpuset.is_empty() {
            let quota = u64::from(limits.cpus) * PERIOD_US;
            file::write(&at("cpu", "cpu.cfs_period_us"), &PERIOD_US.to_string())?;
            file::write(&at("cpu", "cpu.cfs_quota_us"), &quota.to_string())?;
        } else {
            file::write(&cpuset.join("cpuset.cpus"), &limits.cpuset)?;
        }
        file::write(&at("memory", "memory.swappiness"), "0")?;
        group.resize(limits.memory_bytes, limits.processes)
    }
}

/// The program's group of the controller that may be missing, where there is one to be had.
fn besides(mounts: &Mounts, name: &str) -> Option<PathBuf> {
    let mut directory = mounts.controllers.get(hugetlb::CONTROLLER)?.clone();
    for part in name.split('/') {
        directory.push(part);
        file::make(&directory).ok()?;
    }
    Some(directory)
}

/// A new group of this controller has neither CPUs nor memory nodes, and takes no process without.
fn take_cpus_of_parent(directory: &Path) -> Result<(), GroupError> {
    let Some(parent) = directory.parent() else {
        return Ok(());
    };
    for name in ["cpuset.cpus", "cpuset.mems"] {
        if file::read(&directory.join(name))?.is_empty() {
            file::write(&directory.join(name), &file::read(&parent.join(name))?)?;
        }
    }
    Ok(())
}
