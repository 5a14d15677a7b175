//! Settings of programs that are only run.

use serde::{Deserialize, Serialize};

/// How much of what a program makes is given back, where it is only run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSettings {
    /// Standard output of a run where the message says nothing; standard error has a cap of the same size.
    pub output_bytes: u64,
    /// What no message can exceed.
    pub max_output_bytes: u64,
    /// How much of standard error is kept: the first half and the last half of it.
    pub stderr_bytes: u32,
    /// A fetched file, at most.
    pub file_bytes: u64,
    /// All outputs and files of a result together. What does not fit is cut off.
    pub result_bytes: usize,
}
