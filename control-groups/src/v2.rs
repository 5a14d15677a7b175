//! Version 2: one hierarchy (`Documentation/admin-guide/cgroup-v2.rst` of the Linux kernel).
//!
//! A group that hands controllers on to groups below it has no processes of its own. So the program moves itself into a
//! group below its own one, beside that of its boxes; systemd calls that delegation (`Delegate=yes`).

use std::fs;
use std::path::{Path, PathBuf};

use super::mounts::Mounted;
use super::{BoxGroup, GroupLimits, Program, cpus, file, hugetlb, swap};
use crate::error::GroupError;
use crate::memory::MemoryFiles;

/// What limits and counts a box.
const CONTROLLERS: [&str; 4] = ["cpu", "cpuset", "memory", "pids"];

/// Microseconds in which a quota of CPU time is counted.
const PERIOD_US: u64 = 100_000;

/// The group below which all boxes have theirs.
#[derive(Debug)]
pub(super) struct Hierarchy {
    base: PathBuf,
}

impl Hierarchy {
    pub(super) fn open(mounted: &Mounted, name: &str, program: Program) -> Result<Self, GroupError> {
        let given = given_group(mounted, program.own_group)?;
        // The root of the whole hierarchy may have processes and hand controllers on too; it has no type.
        if given.join("cgroup.type").exists() {
            let own = given.join(program.own_group);
            file::make(&own)?;
            file::write(&own.join("cgroup.procs"), "0")?;
        }
        let mut base = given.clone();
        hand_on(&base)?;
        for part in name.split('/') {
            base.push(part);
            file::make(&base)?;
            hand_on(&base)?;
        }
        Ok(Self { base })
    }

    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    pub(super) fn make(&self, id: &str, limits: &GroupLimits) -> Result<BoxGroup, GroupError> {
        let directory = self.base.join(id);
        let group = BoxGroup {
            memory: MemoryFiles::Two {
                directory: directory.clone(),
            },
            processes: directory.join("pids.max"),
            shown: vec![(directory.clone(), "/sys/fs/cgroup")],
            directories: vec![directory.clone()],
        };
        file::make(&directory)?;
        let made = make_and_limit(&group, &directory, limits);
        if made.is_err() {
            // It has no processes yet; what is left is swept.
            let _removed = group.remove();
        }
        made.map(|()| group)
    }
}

fn make_and_limit(group: &BoxGroup, directory: &Path, limits: &GroupLimits) -> Result<(), GroupError> {
    if limits.cpuset.is_empty() {
        let quota = format!("{} {PERIOD_US}", u64::from(limits.cpus) * PERIOD_US);
        file::write(&directory.join("cpu.max"), &quota)?;
    } else {
        take_cpus(directory, &limits.cpuset)?;
    }
    hugetlb::forbid(directory)?;
    let swap = directory.join("memory.swap.max");
    if swap::has_limit(&swap)? {
        file::write(&swap, "0")?;
    }
    group.resize(limits.memory_bytes, limits.processes)
}

/// CPUs that the groups around do not have can be asked for, and are not given; where none is left, the kernel gives all of
/// those that the group around has.
fn take_cpus(directory: &Path, asked: &str) -> Result<(), GroupError> {
    file::write(&directory.join("cpuset.cpus"), asked)?;
    let given = file::read(&directory.join("cpuset.cpus.effective"))?;
    if cpus::in_list(asked).is_some_and(|asked| cpus::in_list(&given) == Some(asked)) {
        return Ok(());
    }
    let reason = format!(
        "a box was to have the CPUs {asked}, and the kernel gives it {given} ({}/cpuset.cpus.effective)",
        directory.display()
    );
    let remedy = "name CPUs in sandbox.cpuset of the worker that the groups around its boxes have (AllowedCPUs= of the service and \
                  its slices)";
    Err(GroupError::new(reason, remedy))
}

/// The group in which this process was started.
fn given_group(mounted: &Mounted, own_group: &str) -> Result<PathBuf, GroupError> {
    let groups = file::read(Path::new("/proc/self/cgroup"))?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("/");
    // One that was restarted within its own group finds itself where it moved to.
    let own = own
        .strip_suffix(own_group)
        .and_then(|given| given.strip_suffix('/'))
        .unwrap_or(own);
    let below = own.strip_prefix(mounted.root.trim_end_matches('/')).unwrap_or(own);
    Ok(mounted.point.join(below.trim_start_matches('/')))
}

/// Lets groups below this one have the controllers.
fn hand_on(group: &Path) -> Result<(), GroupError> {
    let there = file::read(&group.join("cgroup.controllers"))?;
    let handed: Vec<String> = fs::read_to_string(group.join("cgroup.subtree_control"))
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    for controller in CONTROLLERS {
        if !there.split_whitespace().any(|name| name == controller) {
            let reason = format!(
                "the controller {controller} is not delegated to {}, so it cannot limit boxes",
                group.display()
            );
            let remedy = "run it as a service of systemd with Delegate=yes, or with its own group at the top";
            return Err(GroupError::new(reason, remedy));
        }
        if !handed.iter().any(|name| name == controller) {
            file::write(&group.join("cgroup.subtree_control"), &format!("+{controller}"))?;
        }
    }
    let has = |list: &str| list.split_whitespace().any(|name| name == hugetlb::CONTROLLER);
    if has(&there) && !handed.iter().any(|name| name == hugetlb::CONTROLLER) {
        let own = format!("+{}", hugetlb::CONTROLLER);
        // Boxes do without this one, too.
        drop(file::write(&group.join("cgroup.subtree_control"), &own));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_controller_that_was_not_delegated_is_named_with_what_delegates_it() {
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        fs::write(file("cgroup.subtree_control"), "").unwrap();
        fs::write(file("cgroup.controllers"), "cpu memory pids\n").unwrap();
        let refused = hand_on(directory.path()).unwrap_err();
        assert!(
            refused.to_string().contains("the controller cpuset is not delegated"),
            "{refused}"
        );
        fs::write(file("cgroup.controllers"), "cpuset cpu io memory pids\n").unwrap();
        hand_on(directory.path()).unwrap();
        // Each is written by itself; a plain file keeps the last one.
        let handed = fs::read_to_string(file("cgroup.subtree_control")).unwrap();
        assert!(handed.starts_with("+pids"), "{handed}");
        fs::write(file("cgroup.controllers"), "cpuset cpu hugetlb memory pids\n").unwrap();
        hand_on(directory.path()).unwrap();
        let handed = fs::read_to_string(file("cgroup.subtree_control")).unwrap();
        assert!(handed.starts_with("+hugetlb"), "{handed}");
    }

    #[test]
    fn cpus_that_are_not_given_are_no_limit_and_an_error_that_names_the_file() {
        // What was asked for, what the kernel gives, and whether that is the same.
        for (asked, given, same) in [
            ("5", "5", true),
            ("2,3,4,7", "2-4,7", true),
            ("3,2", "2-3", true),
            ("5", "0-3", false),
            ("2,5", "2", false),
            ("5", "", false),
            ("5", "4-6", false),
        ] {
            let directory = tempfile::tempdir().unwrap();
            fs::write(directory.path().join("cpuset.cpus"), "").unwrap();
            fs::write(directory.path().join("cpuset.cpus.effective"), format!("{given}\n")).unwrap();
            let taken = take_cpus(directory.path(), asked);
            assert_eq!(taken.is_ok(), same, "{asked} {given}: {taken:?}");
            let said = taken.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(same || said.contains("cpuset.cpus.effective"), "{said}");
        }
    }
}
