//! Huge pages out of the host's pool, which no limit of memory counts (`Documentation/admin-guide/cgroup-v2.rst` and
//! `cgroup-v1/hugetlb.rst` of the Linux kernel): a box gets none.

use std::fs;
use std::path::Path;

use crate::error::GroupError;
use crate::file;

/// It may be missing: seccomp keeps programs from such pages too.
pub(super) const CONTROLLER: &str = "hugetlb";

/// Ends of the names of limits, one for each size of pages, in version 2 and in version 1. What is reserved is limited by
/// itself.
const LIMITS: [&str; 4] = [".max", ".rsvd.max", ".limit_in_bytes", ".rsvd.limit_in_bytes"];

/// Forbids them to a group. There is nothing to do where the controller is not.
pub(super) fn forbid(group: &Path) -> Result<(), GroupError> {
    let Ok(entries) = fs::read_dir(group) else {
        return Ok(());
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let is_limit = |name: &str| name.starts_with("hugetlb.") && LIMITS.iter().any(|end| name.ends_with(end));
    for name in names {
        if let Some(name) = name.to_str().filter(|name| is_limit(name)) {
            file::write(&group.join(name), "0")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_of_huge_pages_becomes_zero_and_nothing_else() {
        let group = tempfile::tempdir().unwrap();
        let limits = [
            "hugetlb.2MB.max",
            "hugetlb.2MB.rsvd.max",
            "hugetlb.1GB.max",
            "hugetlb.2MB.limit_in_bytes",
            "hugetlb.2MB.rsvd.limit_in_bytes",
        ];
        let others = ["hugetlb.2MB.current", "hugetlb.2MB.failcnt", "memory.max", "pids.max"];
        for name in limits.iter().chain(&others) {
            fs::write(group.path().join(name), "max").unwrap();
        }
        forbid(group.path()).unwrap();
        let read = |name: &&str| fs::read_to_string(group.path().join(name)).unwrap();
        assert!(limits.iter().all(|name| read(name).starts_with('0')));
        assert!(others.iter().all(|name| read(name) == "max"));
    }
}
