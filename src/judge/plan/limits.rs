//! The limits of a test: what the submission asks for, over what the problem says, below what the worker allows.

use std::time::Duration;

use crate::config::{LanguageSettings, LimitSettings, PackageCeiling, scaled_ms};
use crate::contract::{Limits, Submission};
use crate::judge::options::JudgeOptions;
use crate::problem::{PackageLimits, TimeLimit};

pub(in crate::judge) fn limits_of(
    submission: &Submission,
    base: Limits,
    language: &LanguageSettings,
    settings: &LimitSettings,
) -> Limits {
    let requested = submission.limits;
    let mut limits = requested.over(base, settings.ceiling);
    limits.cpu_ms = scaled_ms(limits.cpu_ms, language.time_multiplier).min(settings.ceiling.cpu_ms);
    if requested.wall_ms.is_none() {
        limits.wall_ms = settings.wall_ms(limits.cpu_ms);
    }
    limits
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What a package says, over the worker's defaults.
pub(super) fn limits_of_package(limits: &PackageLimits, default: Limits) -> Limits {
    Limits {
        cpu_ms: match limits.time {
            TimeLimit::Given(limit) => milliseconds(limit),
            TimeLimit::Derived { .. } => default.cpu_ms,
        },
        memory_bytes: limits.memory_bytes.unwrap_or(default.memory_bytes),
        output_bytes: limits.output_bytes.unwrap_or(default.output_bytes),
        ..default
    }
}

/// What a package says about compiling, over the worker's settings. Its memory is that of the programs of packages, which
/// the same toolchain builds.
pub(super) fn limits_of_compiler(limits: Option<&PackageLimits>, options: &JudgeOptions) -> Limits {
    let most = PackageCeiling::of(&options.limits, &options.validators);
    let time = limits.and_then(|limits| limits.compilation_time);
    let cpu_ms = time.map_or(options.limits.toolchain_cpu_ms, milliseconds);
    let cpu_ms = cpu_ms.min(most.compiler_cpu_ms);
    let memory = limits.and_then(|limits| limits.compilation_memory_bytes);
    Limits {
        cpu_ms,
        wall_ms: cpu_ms.saturating_mul(2).saturating_add(options.limits.wall_extra_ms),
        memory_bytes: memory
            .unwrap_or(options.validators.memory_bytes)
            .min(most.tool_memory_bytes),
        output_bytes: options.limits.file_bytes,
        processes: options.limits.ceiling.processes,
    }
}

/// Limits of the program that runs asserts.
pub(super) fn limits_of_asserts(options: &JudgeOptions) -> Limits {
    let validators = &options.validators;
    Limits {
        cpu_ms: validators.cpu_ms,
        wall_ms: validators.cpu_ms.saturating_mul(2),
        memory_bytes: validators.memory_bytes,
        output_bytes: validators.output_bytes,
        processes: options.limits.ceiling.processes,
    }
}

/// What a package says about its output validator, over the worker's defaults, and below what it grants.
pub(in crate::judge) fn limits_of_validator(limits: &PackageLimits, options: &JudgeOptions) -> Limits {
    let (usual, most) = (
        &options.validators,
        PackageCeiling::of(&options.limits, &options.validators),
    );
    let cpu_ms = limits.validation_time.map_or(usual.cpu_ms, milliseconds);
    let cpu_ms = cpu_ms.min(most.validator_cpu_ms);
    let memory_bytes = limits.validation_memory_bytes.unwrap_or(usual.memory_bytes);
    let output_bytes = limits.validation_output_bytes.unwrap_or(usual.output_bytes);
    Limits {
        cpu_ms,
        wall_ms: cpu_ms.saturating_mul(2),
        memory_bytes: memory_bytes.min(most.tool_memory_bytes),
        output_bytes: output_bytes.min(most.validator_output_bytes),
        processes: options.limits.ceiling.processes,
    }
}
