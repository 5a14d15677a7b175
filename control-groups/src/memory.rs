//! The memory of a group: its limit, and what was killed for it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::GroupError;
use crate::file;

/// Where it is limited and counted.
#[derive(Debug)]
pub(super) enum MemoryFiles {
    One { directory: PathBuf, swap: bool },
    Two { directory: PathBuf },
}

/// Processes of a group that the kernel killed for memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryKills {
    /// At the limit of the group.
    pub at_limit: u64,
    /// While the group had not come to its limit: the host was short of memory, or a group around it.
    pub by_host: u64,
}

/// In version 1, what failed at the limit is not in the most that was charged.
const NEAR: u64 = 512 << 10;

impl MemoryFiles {
    pub(super) fn limit(&self, bytes: u64) -> Result<(), GroupError> {
        match self {
            Self::One { directory, swap } => limit_with_swap(directory, *swap, bytes),
            Self::Two { directory } => file::write(&directory.join("memory.max"), &bytes.to_string()),
        }
    }

    /// The kernel counts each kill in the group of its process, whatever was short of memory. So the limit is looked at
    /// besides, and after the kills: one at the limit has met it before.
    pub(super) fn kills(&self) -> io::Result<MemoryKills> {
        let (kills, met_limit) = match self {
            Self::One { directory, .. } => {
                let kills = number_in(&directory.join("memory.oom_control"), "oom_kill ")?;
                // `failcnt` does not count what fails at the limit with swap, which is the same one.
                let most = number_in(&directory.join("memory.max_usage_in_bytes"), "")?;
                let limit = number_in(&directory.join("memory.limit_in_bytes"), "")?;
                (kills, most.saturating_add(NEAR) >= limit)
            }
            Self::Two { directory } => {
                let events = directory.join("memory.events");
                let kills = number_in(&events, "oom_kill ")?;
                (kills, number_in(&events, "oom ")? > 0)
            }
        };
        let (at_limit, by_host) = if met_limit { (kills, 0) } else { (0, kills) };
        Ok(MemoryKills { at_limit, by_host })
    }
}

/// Version 1: the limit with swap is never below the one without, so the order depends on which way it goes.
fn limit_with_swap(directory: &Path, swap: bool, bytes: u64) -> Result<(), GroupError> {
    let (memory, with_swap) = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes");
    let now: u64 = file::read(&directory.join(memory))?.parse().unwrap_or(u64::MAX);
    let order = if bytes > now {
        [with_swap, memory]
    } else {
        [memory, with_swap]
    };
    for name in order.into_iter().filter(|name| swap || *name == memory) {
        file::write(&directory.join(name), &bytes.to_string())?;
    }
    Ok(())
}

/// The number behind `key` in a file of a group.
fn number_in(file: &Path, key: &str) -> io::Result<u64> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|number| number.trim().parse().ok());
    number.ok_or_else(|| io::Error::other(format!("there is no number {key:?} in {}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_counts_for_the_group_only_where_it_came_to_its_limit() {
        let events = |oom, kills| format!("low 0\nhigh 0\nmax 7\noom {oom}\noom_kill {kills}\noom_group_kill 0\n");
        let charged = |most: &str| {
            let kill = "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n".to_owned();
            vec![
                ("memory.oom_control", kill),
                ("memory.failcnt", "0\n".to_owned()),
                ("memory.max_usage_in_bytes", format!("{most}\n")),
                ("memory.limit_in_bytes", "419430400\n".to_owned()),
            ]
        };
        // As the kernel had it; in version 1 no failure is counted either way.
        for (is_two, files, expected) in [
            (true, vec![("memory.events", events(0, 0))], (0, 0)),
            (true, vec![("memory.events", events(2, 1))], (1, 0)),
            (true, vec![("memory.events", events(0, 1))], (0, 1)),
            (false, charged("419430400"), (1, 0)),
            (false, charged("419414016"), (1, 0)),
            (false, charged("42192896"), (0, 1)),
        ] {
            let place = tempfile::tempdir().unwrap();
            let directory = place.path().to_owned();
            for (name, text) in &files {
                fs::write(directory.join(name), text).unwrap();
            }
            let group = match is_two {
                true => MemoryFiles::Two { directory },
                false => MemoryFiles::One { directory, swap: true },
            };
            let kills = group.kills().unwrap();
            assert_eq!((kills.at_limit, kills.by_host), expected, "{files:?}");
        }
    }

    #[test]
    fn a_counter_that_is_not_there_is_never_taken_for_none() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().to_owned();
        fs::write(directory.join("memory.events"), "low 0\n").unwrap();
        assert!(MemoryFiles::Two { directory }.kills().is_err());
    }
}
