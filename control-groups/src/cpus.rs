//! Lists of CPUs as the kernel writes them (`cpuset(7)`, "List format").

use std::collections::BTreeSet;

/// Numbers of CPUs; `None` where it is no list.
pub(super) fn in_list(list: &str) -> Option<BTreeSet<u32>> {
    let mut cpus = BTreeSet::new();
    for part in list.trim().split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        cpus.extend(first.trim().parse::<u32>().ok()?..=last.trim().parse().ok()?);
    }
    Some(cpus)
}
