//! The limits of a test: what the submission asks for, over what the problem says, below what the worker allows.

use std::time::Duration;

use crate::config::{LanguageSettings, LimitSettings, ValidatorSettings, scaled_ms};
use crate::contract::{Limits, Submission};
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

/// What a package says about its output validator, over the worker's defaults, and below the larger of them and the
/// ceilings of submissions.
pub(in crate::judge) fn limits_of_validator(
    limits: &PackageLimits,
    settings: &ValidatorSettings,
    ceiling: Limits,
) -> Limits {
    let within = |wanted: Option<u64>, usual: u64, most: u64| wanted.unwrap_or(usual).min(most.max(usual));
    let cpu_ms = within(
        limits.validation_time.map(milliseconds),
        settings.cpu_ms,
        ceiling.cpu_ms,
    );
    Limits {
        cpu_ms,
        wall_ms: cpu_ms.saturating_mul(2),
        memory_bytes: within(
            limits.validation_memory_bytes,
            settings.memory_bytes,
            ceiling.memory_bytes,
        ),
        output_bytes: within(
            limits.validation_output_bytes,
            settings.output_bytes,
            ceiling.output_bytes,
        ),
        processes: ceiling.processes,
    }
}
