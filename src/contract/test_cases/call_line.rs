//! What a process that makes several calls reports of each.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A call that has ended, as its box reports it. The submission runs in the box, so the report can be forged.
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
    /// The report of the call; read by [`crate::contract::read_call_report`].
    report: Option<Box<RawValue>>,
}

impl CallLine {
    /// The report of the call, as JSON.
    pub fn report(&self) -> Option<&[u8]> {
        self.report.as_ref().map(|report| report.get().as_bytes())
    }
}

/// The calls that are reported, a line each. Lines that cannot be read are left out.
pub fn read_call_lines(lines: &[u8]) -> Vec<CallLine> {
    let lines = lines.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}
