//! Limits as a package gives them.

use std::path::Path;
use std::time::Duration;

use crate::config::PackageCeiling;
use crate::problem::yaml::Map;
use crate::problem::{Format, PackageError, TimeMargins, Warning, time_margins};

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

/// The keys that either format knows, and those of BAPCtools.
const KNOWN: [&str; 16] = [
    "time_limit",
    "time_multiplier",
    "time_safety_margin",
    "time_multipliers",
    "time_resolution",
    "memory",
    "output",
    "code",
    "compilation_time",
    "compilation_memory",
    "validation_time",
    "validation_memory",
    "validation_output",
    "validation_passes",
    "generator_time",
    "visualizer_time",
];

/// Those that are whole numbers in 2025-09.
const WHOLE: [&str; 8] = [
    "memory",
    "output",
    "code",
    "compilation_time",
    "compilation_memory",
    "validation_time",
    "validation_memory",
    "validation_output",
];

/// Least memory of a submission, in MiB: an interpreter needs it to start, and daemons refuse less than a few.
const LEAST_MEMORY: f64 = 16.0;

/// Least memory of an output validator and of a compiler, in MiB.
const LEAST_TOOL_MEMORY: f64 = 64.0;

/// Shortest time that is measured, in seconds.
const SHORTEST: f64 = 0.001;

const SECONDS: &str = "a number of seconds above 0, such as 2 or 0.5";
const MEBIBYTES: &str = "a number of MiB above 0, such as 256";
const KIBIBYTES: &str = "a number of KiB above 0, such as 128";

/// Limits that a package gives; what it is silent about is for the worker to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageLimits {
    /// CPU time per test.
    pub time: TimeLimit,
    /// How far the time limit has to be from submissions that bound it; `None` where the package does not ask for it.
    pub margins: Option<TimeMargins>,
    /// Memory of a submission, in bytes.
    pub memory_bytes: Option<u64>,
    /// Output of a submission, in bytes.
    pub output_bytes: Option<u64>,
    /// Source code of a submission, in bytes.
    pub code_bytes: Option<u64>,
    /// CPU time for compiling.
    pub compilation_time: Option<Duration>,
    /// Memory for compiling, in bytes.
    pub compilation_memory_bytes: Option<u64>,
    /// CPU time of an output validator.
    pub validation_time: Option<Duration>,
    /// Memory of an output validator, in bytes.
    pub validation_memory_bytes: Option<u64>,
    /// Output of an output validator, in bytes.
    pub validation_output_bytes: Option<u64>,
}

impl PackageLimits {
    /// What a worker with these ceilings does not grant, in words for the author.
    pub fn above(&self, ceiling: &PackageCeiling) -> Vec<Warning> {
        let time = match self.time {
            TimeLimit::Given(limit) => Some(limit),
            TimeLimit::Derived { .. } => None,
        };
        let times = [
            ("time_limit", time, ceiling.test.cpu_ms, CEILING_TIME),
            (
                "compilation_time",
                self.compilation_time,
                ceiling.compiler_cpu_ms,
                COMPILER_TIME,
            ),
            (
                "validation_time",
                self.validation_time,
                ceiling.validator_cpu_ms,
                VALIDATOR_TIME,
            ),
        ];
        let times = times.into_iter().filter_map(|(key, asked, most_ms, settings)| {
            let most = Duration::from_millis(most_ms);
            let asked = asked.filter(|asked| *asked > most)?;
            Some(lowered(key, [asked.as_secs_f64(), most.as_secs_f64()], "s", settings))
        });
        let sizes = self
            .sizes(ceiling)
            .into_iter()
            .filter_map(|(key, asked, most, settings)| {
                let asked = asked.filter(|asked| *asked > most)?;
                Some(lowered(key, [asked, most].map(mebibytes), "MiB", settings))
            });
        times.chain(sizes).collect()
    }

    /// Each limit in bytes: its key, what is asked, what is granted, and by which settings.
    fn sizes(&self, ceiling: &PackageCeiling) -> [(&'static str, Option<u64>, u64, &'static str); 5] {
        let (test, tool_memory) = (ceiling.test, ceiling.tool_memory_bytes);
        [
            ("memory", self.memory_bytes, test.memory_bytes, CEILING_MEMORY),
            ("output", self.output_bytes, test.output_bytes, CEILING_OUTPUT),
            (
                "compilation_memory",
                self.compilation_memory_bytes,
                tool_memory,
                TOOL_MEMORY,
            ),
            (
                "validation_memory",
                self.validation_memory_bytes,
                tool_memory,
                TOOL_MEMORY,
            ),
            (
                "validation_output",
                self.validation_output_bytes,
                ceiling.validator_output_bytes,
                VALIDATOR_OUTPUT,
            ),
        ]
    }
}

/// Which settings say what is granted.
const CEILING_TIME: &str = "limits.ceiling.cpu_ms";
const COMPILER_TIME: &str = "the larger of limits.ceiling.cpu_ms and limits.toolchain_cpu_ms";
const VALIDATOR_TIME: &str = "the larger of limits.ceiling.cpu_ms and validators.cpu_ms";
const CEILING_MEMORY: &str = "limits.ceiling.memory_bytes";
const TOOL_MEMORY: &str = "the larger of limits.ceiling.memory_bytes and validators.memory_bytes";
const CEILING_OUTPUT: &str = "limits.ceiling.output_bytes";
const VALIDATOR_OUTPUT: &str = "the larger of limits.ceiling.output_bytes and validators.output_bytes";

fn lowered(key: &str, [asked, granted]: [f64; 2], unit: &str, settings: &str) -> Warning {
    let message = format!("limits.{key} of {asked} {unit} is lowered to {granted} {unit} ({settings})");
    Warning::new(Path::new("problem.yaml"), message)
}

#[expect(clippy::cast_precision_loss, reason = "a size that people read")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / MIB
}

/// A time limit, or how to find one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeLimit {
    /// It is given.
    Given(Duration),
    /// It follows from the slowest accepted submission.
    Derived {
        /// The limit is at least the slowest accepted submission times this.
        ac_to_time_limit: f64,
        /// A submission that is too slow takes at least the limit times this.
        time_limit_to_tle: f64,
        /// The limit is a multiple of this.
        resolution: Duration,
    },
}

impl TimeLimit {
    /// The limit that follows from the slowest accepted submission; a given one stays.
    pub fn for_slowest(self, slowest: Duration) -> Duration {
        match self {
            Self::Given(limit) => limit,
            Self::Derived {
                ac_to_time_limit,
                resolution,
                ..
            } => {
                let steps = (slowest.as_secs_f64() * ac_to_time_limit / resolution.as_secs_f64())
                    .ceil()
                    .max(1.0);
                resolution.mul_f64(steps)
            }
        }
    }
}

/// Reads `limits`; `elsewhere` is the time limit in seconds that DOMjudge's files give, where `problem.yaml` has none.
pub(super) fn read(
    yaml: &Map<'_>,
    format: Format,
    elsewhere: Option<f64>,
    warnings: &mut Vec<Warning>,
) -> Result<PackageLimits, PackageError> {
    let limits = yaml.map_at("limits")?.unwrap_or_else(|| Map::new("".as_ref(), &[]));
    warnings.extend(limits.unknown_keys(&KNOWN));
    warnings.extend(fractions(&limits, format));
    let margins = time_margins::read(&limits, format, warnings)?;
    let time = time_limit(&limits, margins, elsewhere)?;
    let are_asked_for = format == Format::V2025 || matches!(time, TimeLimit::Derived { .. });
    let mut read = LimitReader {
        limits: &limits,
        warnings,
    };
    Ok(PackageLimits {
        time,
        margins: are_asked_for.then_some(margins),
        memory_bytes: read.memory("memory", LEAST_MEMORY)?,
        output_bytes: read.bytes("output", MIB, MEBIBYTES)?,
        code_bytes: read.bytes("code", KIB, KIBIBYTES)?,
        compilation_time: time_of(&limits, "compilation_time")?,
        compilation_memory_bytes: read.memory("compilation_memory", LEAST_TOOL_MEMORY)?,
        validation_time: time_of(&limits, "validation_time")?,
        validation_memory_bytes: read.memory("validation_memory", LEAST_TOOL_MEMORY)?,
        validation_output_bytes: read.bytes("validation_output", MIB, MEBIBYTES)?,
    })
}

/// Reads limits in bytes.
struct LimitReader<'a, 'w> {
    limits: &'a Map<'a>,
    warnings: &'w mut Vec<Warning>,
}

impl LimitReader<'_, '_> {
    /// Memory, raised to `least` MiB with a warning.
    fn memory(&mut self, key: &str, least: f64) -> Result<Option<u64>, PackageError> {
        let Some(given) = self.limits.positive(key, MEBIBYTES)? else {
            return Ok(None);
        };
        if given < least {
            let message =
                format!("limits.{key} is {given} MiB, less than anything needs to start; {least} MiB are used");
            self.warnings.push(self.limits.warning(key, message));
        }
        Ok(Some(whole(given.max(least) * MIB)))
    }

    /// A size in units of `unit` bytes.
    fn bytes(&self, key: &str, unit: f64, example: &str) -> Result<Option<u64>, PackageError> {
        let Some(given) = self.limits.positive(key, example)? else {
            return Ok(None);
        };
        match whole(given * unit) {
            0 => Err(self.limits.expected(key, &format!("at least one byte: {example}"))),
            bytes => Ok(Some(bytes)),
        }
    }
}

/// A time of at least a millisecond; less would be rounded to nothing.
fn time_of(limits: &Map<'_>, key: &str) -> Result<Option<Duration>, PackageError> {
    match limits.positive(key, SECONDS)? {
        Some(seconds) if seconds < SHORTEST => Err(limits.expected(
            key,
            &format!("at least {SHORTEST} seconds, below which it rounds to nothing"),
        )),
        seconds => Ok(seconds.map(Duration::from_secs_f64)),
    }
}

fn time_limit(limits: &Map<'_>, margins: TimeMargins, elsewhere: Option<f64>) -> Result<TimeLimit, PackageError> {
    let given = time_of(limits, "time_limit")?.or(elsewhere.map(Duration::from_secs_f64));
    if let Some(limit) = given {
        return Ok(TimeLimit::Given(limit));
    }
    let resolution = limits.positive("time_resolution", SECONDS)?.unwrap_or(1.0);
    Ok(TimeLimit::Derived {
        ac_to_time_limit: margins.ac_to_time_limit,
        time_limit_to_tle: margins.time_limit_to_tle,
        // Finer than the clock is no resolution, and zero would divide by it.
        resolution: Duration::from_secs_f64(resolution).max(Duration::from_millis(1)),
    })
}

/// Limits with a fraction, which 2025-09 does not allow.
fn fractions<'a>(limits: &'a Map<'_>, format: Format) -> impl Iterator<Item = Warning> + 'a {
    let keys = WHOLE.iter().filter(move |_| format == Format::V2025);
    keys.filter_map(|key| {
        let given = limits.number(key).ok()??;
        let message = format!("limits.{key} is {given}, where the format wants a whole number; it is used as it is");
        (given.fract() != 0.0).then(|| limits.warning(key, message))
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number below 10^16 was checked; `as` saturates"
)]
fn whole(value: f64) -> u64 {
    value as u64
}
