//! What a process that makes several calls says of each.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A call that came to its end. Its box says so, which may say anything.
#[derive(Debug, Deserialize)]
pub struct CallLine {
    /// Which of the calls it was.
    pub index: usize,
    /// CPU time that it took, in microseconds.
    pub cpu_us: u64,
    /// Time that it took, in microseconds.
    pub wall_us: u64,
    /// Exit code of the process that had made this call alone.
    pub code: i32,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// What is said of the call; read by [`crate::contract::read_call_report`].
    report: Option<Box<RawValue>>,
}

impl CallLine {
    /// What is said of the call, as JSON.
    pub fn report(&self) -> Option<&[u8]> {
        self.report.as_ref().map(|report| report.get().as_bytes())
    }
}

/// The calls of which something is said, a line each. What cannot be read is left out.
pub fn read_call_lines(lines: &[u8]) -> Vec<CallLine> {
    let lines = lines.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}
