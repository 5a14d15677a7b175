//! Limits of a test, and the wall limit that follows from a CPU limit.

use serde::{Deserialize, Serialize};

use crate::contract::Limits;

/// Limits of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// What holds where neither package nor submission says anything.
    pub default: Limits,
    /// What no submission and no problem can exceed.
    pub ceiling: Limits,
    /// The wall limit is the CPU limit times this, plus `wall_extra_ms`, where nothing else is said.
    pub wall_factor: f64,
    /// See `wall_factor`.
    pub wall_extra_ms: u64,
    /// How long a program may starve, in wall limits: be ready to run while the host gives its CPUs to others. That time does
    /// not count; beyond this the host is at fault.
    pub starvation_factor: f64,
    /// Largest file that a program may write.
    pub file_bytes: u64,
    /// Open descriptors of a process.
    pub open_files: u64,
    /// CPU time for checking that a submission compiles.
    pub compile_cpu_ms: u64,
    /// CPU time for compiling a submission with a toolchain, where the package does not say.
    pub toolchain_cpu_ms: u64,
}

impl LimitSettings {
    /// The wall limit of a test with this CPU limit where nothing else is said, below the ceiling; in milliseconds.
    pub fn wall_ms(&self, cpu_ms: u64) -> u64 {
        scaled_ms(cpu_ms, self.wall_factor)
            .saturating_add(self.wall_extra_ms)
            .min(self.ceiling.wall_ms)
    }
}

/// Milliseconds times a factor, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "milliseconds of at most days times a small positive factor; `as` saturates"
)]
pub fn scaled_ms(ms: u64, factor: f64) -> u64 {
    (ms as f64 * factor).ceil() as u64
}
