//! Limits: what a submission requests, what a problem says, what the worker allows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use thiserror::Error;

/// An interpreter does not start with less.
const LEAST_MEMORY: u64 = 16 << 20;

/// Limits of one test as they are enforced, and as the verdict reports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// CPU time of all processes of the test, in milliseconds.
    pub cpu_ms: u64,
    /// Time on the wall, in milliseconds.
    pub wall_ms: u64,
    /// Memory of all processes of the test, in bytes.
    pub memory_bytes: u64,
    /// Standard output, in bytes; standard error has a cap of the same size.
    pub output_bytes: u64,
    /// Processes and threads at once.
    pub processes: u64,
}

/// A limit that a test exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum LimitKind {
    /// `cpu_ms`: CPU time.
    Cpu,
    /// `wall_ms`: time on the wall.
    Wall,
    /// `memory_bytes`.
    Memory,
    /// `output_bytes`.
    Output,
}

impl LimitKind {
    /// Every limit.
    pub const ALL: [Self; 4] = [Self::Cpu, Self::Wall, Self::Memory, Self::Output];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Limits that a submission requests. What is absent is decided by the problem or the worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestedLimits {
    /// CPU time per test, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub cpu_ms: Option<u64>,
    /// Time on the wall per test, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub wall_ms: Option<u64>,
    /// Memory, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = LEAST_MEMORY))]
    pub memory_bytes: Option<u64>,
    /// Standard output, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub output_bytes: Option<u64>,
    /// Processes and threads at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub processes: Option<u64>,
}

/// A requested limit that no program could run under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{value} is too small, the least is {least}")]
pub struct LimitError {
    /// Name of the field.
    pub field: &'static str,
    /// What was requested.
    pub value: u64,
    /// What would be accepted.
    pub least: u64,
}

impl RequestedLimits {
    /// No limit is requested.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Holds each requested limit against the least value that makes sense. One that is too large is no error: it is
    /// clamped.
    ///
    /// # Errors
    /// Names the first field that is too small.
    pub fn check(&self) -> Result<(), LimitError> {
        let requested = [
            ("cpu_ms", self.cpu_ms, 1),
            ("wall_ms", self.wall_ms, 1),
            ("memory_bytes", self.memory_bytes, LEAST_MEMORY),
            ("output_bytes", self.output_bytes, 1),
            ("processes", self.processes, 1),
        ];
        for (field, value, least) in requested {
            if let Some(value) = value.filter(|value| *value < least) {
                return Err(LimitError { field, value, least });
            }
        }
        Ok(())
    }

    /// Puts the requested limits over `base` and clamps the result to `ceiling`.
    pub fn over(&self, base: Limits, ceiling: Limits) -> Limits {
        Limits {
            cpu_ms: self.cpu_ms.unwrap_or(base.cpu_ms).min(ceiling.cpu_ms),
            wall_ms: self.wall_ms.unwrap_or(base.wall_ms).min(ceiling.wall_ms),
            memory_bytes: self.memory_bytes.unwrap_or(base.memory_bytes).min(ceiling.memory_bytes),
            output_bytes: self.output_bytes.unwrap_or(base.output_bytes).min(ceiling.output_bytes),
            processes: self.processes.unwrap_or(base.processes).min(ceiling.processes),
        }
    }
}
