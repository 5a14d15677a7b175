//! Where a figure comes from.

use serde::{Deserialize, Serialize};

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Figure {
    /// The box's control group: all processes, also those that were never waited for.
    Cgroup,
    /// `wait4(2)` of every process that the runner reaped.
    Rusage,
}
