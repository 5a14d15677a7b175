//! What a package is granted of the limits that it asks for.

use crate::config::{LimitSettings, ValidatorSettings};
use crate::contract::Limits;

/// The most that a package is granted of what it asks for. It is never less than what holds where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageCeiling {
    /// Of a test.
    pub test: Limits,
    /// CPU time of a compiler.
    pub compiler_cpu_ms: u64,
    /// CPU time of a validator.
    pub validator_cpu_ms: u64,
    /// Memory of a compiler or a validator.
    pub tool_memory_bytes: u64,
    /// Output of a validator.
    pub validator_output_bytes: u64,
}

impl PackageCeiling {
    /// What these settings grant.
    pub fn of(limits: &LimitSettings, validators: &ValidatorSettings) -> Self {
        let test = limits.ceiling;
        Self {
            test,
            compiler_cpu_ms: limits.toolchain_cpu_ms.max(test.cpu_ms),
            validator_cpu_ms: validators.cpu_ms.max(test.cpu_ms),
            tool_memory_bytes: validators.memory_bytes.max(test.memory_bytes),
            validator_output_bytes: validators.output_bytes.max(test.output_bytes),
        }
    }
}
