//! `problem.yaml`, as far as judging needs it.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::problem::PackageError;

/// What is read of `problem.yaml`; other keys are for other tools.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ProblemYaml {
    pub(super) name: Option<serde_json::Value>,
    pub(super) validator_flags: Option<Flags>,
    #[serde(default)]
    pub(super) limits: LimitsYaml,
}

/// Flags as one string, or as a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Flags {
    One(String),
    List(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct LimitsYaml {
    /// Seconds.
    pub(super) time_limit: Option<f64>,
    /// MiB.
    pub(super) memory: Option<u64>,
    /// MiB.
    pub(super) output: Option<u64>,
}

impl ProblemYaml {
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, PackageError> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_saphyr::from_str(text).map_err(|error| PackageError::Yaml {
            path: path.to_owned(),
            message: error.to_string(),
        })
    }

    pub(super) fn flags(&self) -> Vec<String> {
        match &self.validator_flags {
            Some(Flags::One(flags)) => flags.split_whitespace().map(str::to_owned).collect(),
            Some(Flags::List(flags)) => flags.clone(),
            None => Vec::new(),
        }
    }

    /// The name in English, or the only one.
    pub(super) fn title(&self) -> Option<String> {
        match self.name.as_ref()? {
            serde_json::Value::String(name) => Some(name.clone()),
            serde_json::Value::Object(names) => names.get("en").or(names.values().next())?.as_str().map(str::to_owned),
            _ => None,
        }
    }
}

/// A time limit in seconds.
pub(super) fn seconds(path: &Path, value: f64) -> Result<Duration, PackageError> {
    Duration::try_from_secs_f64(value)
        .ok()
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| PackageError::Invalid {
            path: path.to_owned(),
            message: format!("the time limit {value} is not a positive number of seconds"),
        })
}
