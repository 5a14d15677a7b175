//! Numbers with the least and the greatest value that make sense.
//!
//! The greatest are far above what is of use: what exceeds them was meant in another unit, or would overflow in sums.

use config::Config;

use crate::config::range_error::{RangeError, require};
use crate::config::{Quota, Settings};

/// A week, in milliseconds.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;

/// A hundred years, in seconds.
const CENTURY_S: i64 = 100 * 365 * 24 * 3600;

/// What RabbitMQ takes as a message at most.
const MESSAGE: i64 = 512 << 20;

const GIB: i64 = 1 << 30;
const TIB: i64 = 1 << 40;
const PIB: i64 = 1 << 50;

/// An interpreter does not start with less.
const LEAST_MEMORY: i64 = 16 << 20;

/// The kernel's pages: less is rounded up to one.
const PAGE: i64 = 4096;

/// Setting, least value, greatest value.
const RANGES: &[(&str, i64, i64)] = &[
    ("worker.slots", 0, 4096),
    ("worker.shutdown_grace_ms", 0, WEEK),
    ("broker.bulk_every", 1, 1_000_000),
    ("broker.bulk_poll_ms", 1, WEEK),
    ("broker.later_ms", 1, WEEK),
    ("broker.rejected_queue_length", 1, 1_000_000_000),
    ("broker.rejected_queue_bytes", 1, TIB),
    ("broker.verdict_queue_length", 1, 1_000_000_000),
    ("broker.prefetch", 0, 4096),
    ("broker.heartbeat_s", 0, 65535),
    ("broker.max_attempts", 1, 1000),
    ("broker.max_lost_workers", 1, 1000),
    ("broker.unknown_problem_retries", 0, 1_000_000),
    // Below that the facts of a few hundred tests alone do not fit.
    ("broker.max_verdict_bytes", 65536, MESSAGE),
    ("broker.confirm_timeout_ms", 1, WEEK),
    ("store.connections", 1, 10_000),
    // A shorter lease would end while it is renewed.
    ("store.lease_ms", 1000, WEEK),
    ("store.keep_submissions_s", 0, CENTURY_S),
    ("store.keep_security_events_s", 0, CENTURY_S),
    ("store.keep_test_sets_s", 0, CENTURY_S),
    ("store.test_set_memory_bytes", 0, TIB),
    ("problems.refresh_ms", 0, WEEK),
    ("problems.cache_bytes", 1, PIB),
    ("problems.memory_bytes", 0, TIB),
    ("problems.patience_ms", 0, WEEK),
    ("problems.archive_bytes", 1, TIB),
    ("problems.package_bytes", 1, TIB),
    ("problems.package_files", 1, 1_000_000_000),
    ("submission.max_message_bytes", 1, MESSAGE),
    ("submission.max_source_bytes", 1, MESSAGE),
    ("submission.max_files", 1, 1_000_000),
    ("submission.max_tests", 1, 1_000_000),
    ("submission.max_metadata_bytes", 0, MESSAGE),
    ("submission.max_test_set_bytes", 1, MESSAGE),
    ("limits.wall_extra_ms", 0, WEEK),
    ("limits.file_bytes", 1, TIB),
    // Below that the interpreter itself does not start.
    ("limits.open_files", 16, 1 << 20),
    ("limits.compile_cpu_ms", 1, WEEK),
    ("limits.toolchain_cpu_ms", 1, WEEK),
    ("limits.default.cpu_ms", 1, WEEK),
    ("limits.default.wall_ms", 1, WEEK),
    ("limits.default.memory_bytes", LEAST_MEMORY, TIB),
    ("limits.default.output_bytes", 1, TIB),
    ("limits.default.processes", 1, 1 << 22),
    ("limits.ceiling.cpu_ms", 1, WEEK),
    ("limits.ceiling.wall_ms", 1, WEEK),
    ("limits.ceiling.memory_bytes", LEAST_MEMORY, TIB),
    ("limits.ceiling.output_bytes", 1, TIB),
    ("limits.ceiling.processes", 1, 1 << 22),
    ("judge.excerpt_bytes", 0, GIB),
    ("judge.box_attempts", 1, 1000),
    ("judge.parallel_tests", 1, 4096),
    ("judge.input_memory_bytes", 0, TIB),
    ("run.output_bytes", 1, GIB),
    ("run.max_output_bytes", 1, GIB),
    // It comes in one frame of the runner.
    ("run.stderr_bytes", 0, 192 << 10),
    ("run.file_bytes", 1, GIB),
    ("run.result_bytes", 1, GIB),
    ("serve.max_connections", 1, 1_000_000),
    ("serve.client_timeout_ms", 100, WEEK),
    ("serve.body_timeout_ms", 100, WEEK),
    ("serve.max_body_bytes", 1, GIB),
    ("serve.max_batch", 1, 1_000_000),
    ("serve.max_wait_ms", 0, WEEK),
    ("serve.requests_per_second", 0, Quota::RequestsPerSecond.most() as i64),
    (
        "serve.submissions_per_second",
        0,
        Quota::SubmissionsPerSecond.most() as i64,
    ),
    ("serve.max_in_flight", 0, Quota::MaxInFlight.most() as i64),
    ("serve.in_flight_s", 3600, CENTURY_S),
    ("serve.cpu_seconds_per_hour", 0, Quota::CpuSecondsPerHour.most() as i64),
    ("serve.max_streams", 0, 1_000_000),
    ("serve.queue", 1, 1_000_000_000),
    ("serve.queue_bytes", 1, TIB),
    ("serve.keep_sources_s", 0, CENTURY_S),
    ("serve.answer_bytes", 0, TIB),
    ("serve.test_set_bytes", 0, TIB),
    ("serve.callback_timeout_ms", 100, WEEK),
    ("serve.max_callbacks", 1, 1_000_000),
    ("validators.cpu_ms", 1, WEEK),
    ("validators.memory_bytes", LEAST_MEMORY, TIB),
    ("validators.output_bytes", 1, TIB),
    ("validators.compile_cpu_ms", 1, WEEK),
    ("validators.scratch_bytes", PAGE, TIB),
    ("validators.cache_bytes", 0, PIB),
    ("sandbox.cpus", 1, 4096),
    ("sandbox.scratch_bytes", PAGE, TIB),
    // The directory itself is the first.
    ("sandbox.scratch_inodes", 2, 1_000_000_000),
    ("sandbox.warm_boxes", 0, 1000),
    ("sandbox.launch_timeout_ms", 1, WEEK),
    ("sandbox.answer_timeout_ms", 1, WEEK),
    ("sandbox.docker.call_timeout_ms", 1, WEEK),
    ("sandbox.docker.sweep_after_ms", 0, WEEK),
    ("sandbox.nsjail.call_timeout_ms", 1, WEEK),
    // The kernel of a machine takes some of it, and QEMU has no more than a few TiB of addresses.
    ("sandbox.microvm.memory_bytes", 256 << 20, 1 << 40),
    // Limits of programs are held against these, see below.
    ("limits.wall_factor", 1, 1000),
    ("limits.starvation_factor", 1, 1000),
    ("judge.near_limit", 0, 1),
    ("languages.python3.time_multiplier", 0, 1000),
];

/// Checks the numbers that were given.
pub(super) fn check(settings: &Settings, merged: &Config) -> Result<(), RangeError> {
    for &(key, least, most) in RANGES {
        if let Ok(value) = merged.get_float(key) {
            require(is_within(value, least, most), key, || {
                format!("it is {value}, and must be from {least} to {most}")
            })?;
        }
    }
    limits(settings)
}

/// No default goes over its ceiling: it would be cut without a word.
fn limits(settings: &Settings) -> Result<(), RangeError> {
    let (default, ceiling) = (&settings.limits.default, &settings.limits.ceiling);
    let pairs = [
        ("cpu_ms", default.cpu_ms, ceiling.cpu_ms),
        ("wall_ms", default.wall_ms, ceiling.wall_ms),
        ("memory_bytes", default.memory_bytes, ceiling.memory_bytes),
        ("output_bytes", default.output_bytes, ceiling.output_bytes),
        ("processes", default.processes, ceiling.processes),
    ];
    for (name, value, most) in pairs {
        require(value <= most, &format!("limits.default.{name}"), || {
            format!("{value} is above limits.ceiling.{name} = {most}")
        })?;
    }
    Ok(())
}

fn is_within(value: f64, least: i64, most: i64) -> bool {
    (least as f64..=most as f64).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::shape::Shape;

    #[test]
    fn every_number_has_a_range_and_every_range_a_setting() {
        let shape = Shape::of_defaults().unwrap();
        let is_number = |key: &String| {
            let default = shape.default_of(key);
            default.is_some_and(|value| value.is_integer() || value.is_float())
        };
        // Those of other languages are held against the same one, see `languages`.
        let of_others = |key: &String| key.starts_with("languages.") && !key.starts_with("languages.python3.");
        let mut numbers: Vec<String> = shape.keys().filter(is_number).filter(|key| !of_others(key)).collect();
        let mut ranges: Vec<String> = RANGES.iter().map(|(key, ..)| (*key).to_owned()).collect();
        numbers.sort_unstable();
        ranges.sort_unstable();
        assert_eq!(ranges, numbers);
    }
}
