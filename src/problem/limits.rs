//! Limits as a package gives them.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::problem::yaml::{LimitsYaml, ProblemYaml};
use crate::problem::{Format, PackageError};

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

/// Limits that a package gives; what it is silent about is for the worker to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageLimits {
    /// CPU time per test.
    pub time: TimeLimit,
    /// Memory of a submission, in bytes.
    pub memory_bytes: Option<u64>,
    /// Output of a submission, in bytes.
    pub output_bytes: Option<u64>,
    /// Source code of a submission, in bytes.
    pub code_bytes: Option<u64>,
    /// CPU time for compiling.
    pub compilation_time: Option<Duration>,
    /// CPU time of an output validator.
    pub validation_time: Option<Duration>,
    /// Memory of an output validator, in bytes.
    pub validation_memory_bytes: Option<u64>,
    /// Output of an output validator, in bytes.
    pub validation_output_bytes: Option<u64>,
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

/// Reads the limits; DOMjudge's files give a time limit where `problem.yaml` has none.
pub(super) fn read(
    root: &Path,
    path: &Path,
    yaml: &ProblemYaml,
    format: Format,
) -> Result<PackageLimits, PackageError> {
    let limits = &yaml.limits;
    let bytes = |name: &str, value: Option<f64>, unit: f64| {
        positive(path, name, value).map(|value| value.map(|value| whole(value * unit)))
    };
    let time =
        |name: &str, value: Option<f64>| positive(path, name, value).map(|value| value.map(Duration::from_secs_f64));
    Ok(PackageLimits {
        time: time_limit(root, path, limits, format)?,
        memory_bytes: bytes("memory", limits.memory, MIB)?,
        output_bytes: bytes("output", limits.output, MIB)?,
        code_bytes: bytes("code", limits.code, KIB)?,
        compilation_time: time("compilation_time", limits.compilation_time)?,
        validation_time: time("validation_time", limits.validation_time)?,
        validation_memory_bytes: bytes("validation_memory", limits.validation_memory, MIB)?,
        validation_output_bytes: bytes("validation_output", limits.validation_output, MIB)?,
    })
}

fn time_limit(root: &Path, path: &Path, limits: &LimitsYaml, format: Format) -> Result<TimeLimit, PackageError> {
    if let Some(seconds) = positive(path, "time_limit", limits.time_limit)? {
        return Ok(TimeLimit::Given(Duration::from_secs_f64(seconds)));
    }
    if let Some(limit) = from_file(&root.join(".timelimit"), |text| Some(text.trim().to_owned()))? {
        return Ok(TimeLimit::Given(limit));
    }
    if let Some(limit) = from_file(&root.join("domjudge-problem.ini"), ini_time_limit)? {
        return Ok(TimeLimit::Given(limit));
    }
    let multipliers = limits.time_multipliers.as_ref();
    let resolution = positive(path, "time_resolution", limits.time_resolution)?.unwrap_or(1.0);
    let (ac_to_time_limit, time_limit_to_tle) = match format {
        // Defaults of either format: 5 and (as a margin) 2; 2.0 and 1.5.
        Format::Legacy => (limits.time_multiplier.unwrap_or(5.0), 1.0),
        Format::V2025 => (
            multipliers
                .and_then(|multipliers| multipliers.ac_to_time_limit)
                .unwrap_or(2.0),
            multipliers
                .and_then(|multipliers| multipliers.time_limit_to_tle)
                .unwrap_or(1.5),
        ),
    };
    positive(path, "time_multiplier", Some(ac_to_time_limit))?;
    Ok(TimeLimit::Derived {
        ac_to_time_limit,
        time_limit_to_tle,
        resolution: Duration::from_secs_f64(resolution),
    })
}

/// `timelimit = '3'` of DOMjudge's ini file.
fn ini_time_limit(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "timelimit").then(|| value.trim().trim_matches(['\'', '"']).to_owned())
    })
}

fn from_file(path: &Path, find: impl Fn(&str) -> Option<String>) -> Result<Option<Duration>, PackageError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(PackageError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let Some(value) = find(&text) else {
        return Ok(None);
    };
    let seconds: f64 = value.parse().map_err(|_not_a_number| PackageError::Invalid {
        path: path.to_owned(),
        message: format!("the time limit {value:?} is not a number of seconds"),
    })?;
    Ok(positive(path, "timelimit", Some(seconds))?.map(Duration::from_secs_f64))
}

/// A limit that is not above zero, or beyond any reason, is a mistake of the author.
fn positive(path: &Path, name: &str, value: Option<f64>) -> Result<Option<f64>, PackageError> {
    const BEYOND_REASON: f64 = 1e9;
    match value {
        Some(value) if !(value > 0.0 && value < BEYOND_REASON) => Err(PackageError::Invalid {
            path: path.to_owned(),
            message: format!("limits.{name} is {value}, expected a positive number"),
        }),
        other => Ok(other),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number below 10^15 was checked; `as` saturates"
)]
fn whole(value: f64) -> u64 {
    value as u64
}
