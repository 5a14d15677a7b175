//! Whether the box has come to its own memory limit.
//!
//! The kernel counts a kill for memory in the group of the process, also where the host was short of memory, or a group
//! around that of the box (`oom_kill` in `Documentation/admin-guide/cgroup-v2.rst` of the Linux kernel). Judged programs go
//! first then, and none of them has exceeded anything.

use crate::meters::counter::{Candidate, Counter, read};
use crate::stop::Stop;

/// Version 2: allocations that failed at the limit, each of which may end in a kill.
const FAILURES: Candidate = ("/sys/fs/cgroup/memory.events", &["oom"], 1);

/// Version 1: the most that was charged. `failcnt` is no sign: of two limits that are the same, the one with swap is looked
/// at first, and new kernels do not count what fails there.
const MOST: Candidate = ("/sys/fs/cgroup/memory/memory.max_usage_in_bytes", &[], 1);
const LIMIT: Candidate = ("/sys/fs/cgroup/memory/memory.limit_in_bytes", &[], 1);

/// What fails at the limit is not in what was charged: at most eight pages, and what is charged ahead for each CPU.
const NEAR: u64 = 512 << 10;

/// What tells it. All of it is about the box since it began: one that had a kill at its limit runs no other program.
pub(super) enum OwnLimit {
    Counted(Counter),
    Reached { most: Counter, limit: Counter },
}

impl OwnLimit {
    /// `None` where no control group tells it.
    pub(super) fn find(find: impl Fn(&[Candidate]) -> Option<Counter>) -> Option<Self> {
        find(&[FAILURES]).map(Self::Counted).or_else(|| {
            let (most, limit) = find(&[MOST]).zip(find(&[LIMIT]))?;
            Some(Self::Reached { most, limit })
        })
    }

    pub(super) fn was_met(&self) -> Result<bool, Stop> {
        let number = |counter| Ok(read(Some(counter))?.unwrap_or(0));
        Ok(match self {
            Self::Counted(failures) => number(failures)? > 0,
            Self::Reached { most, limit } => is_near(number(most)?, number(limit)?),
        })
    }
}

fn is_near(most: u64, limit: u64) -> bool {
    most.saturating_add(NEAR) >= limit
}

/// Processes that were killed for memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemoryKills {
    /// At the limit of the box; `None` without a counter.
    pub(crate) at_limit: Option<u64>,
    /// For lack of memory around the box.
    pub(crate) by_host: u64,
}

impl MemoryKills {
    /// Kills of one run. Where nothing tells whether the box came to its limit, it is taken for the reason.
    pub(super) fn of(kills: Option<u64>, met_own_limit: bool) -> Self {
        match kills {
            Some(by_host) if !met_own_limit => Self {
                at_limit: Some(0),
                by_host,
            },
            at_limit => Self { at_limit, by_host: 0 },
        }
    }

    pub(crate) fn is_any(self) -> bool {
        self.by_host > 0 || self.at_limit.is_some_and(|kills| kills > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_counts_for_the_box_only_where_the_box_came_to_its_limit() {
        const MIB: u64 = 1 << 20;
        let kills = |at_limit, by_host| MemoryKills { at_limit, by_host };
        // As the kernel had it: killed at a limit of 30 MiB, and below one of 400 in a group of 40.
        let cases = [
            (Some(1), (30 * MIB, 30 * MIB), kills(Some(1), 0)),
            (Some(3), (30 * MIB - 16384, 30 * MIB), kills(Some(3), 0)),
            (Some(1), (42_192_896, 400 * MIB), kills(Some(0), 1)),
            (Some(0), (42_192_896, 400 * MIB), kills(Some(0), 0)),
            (None, (30 * MIB, 30 * MIB), kills(None, 0)),
            (None, (0, 30 * MIB), kills(None, 0)),
            (Some(1), (MIB, u64::MAX), kills(Some(0), 1)),
        ];
        for (counted, (most, limit), expected) in cases {
            let found = MemoryKills::of(counted, is_near(most, limit));
            assert_eq!(found, expected, "{counted:?} {most} {limit}");
        }
    }
}
