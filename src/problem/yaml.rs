//! The YAML files of a package, as far as judging needs them. Other keys are for other tools.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::problem::PackageError;

/// `problem.yaml` of either format.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ProblemYaml {
    pub(super) problem_format_version: Option<String>,
    pub(super) name: Option<serde_json::Value>,
    #[serde(rename = "type")]
    pub(super) kind: Option<OneOrMany>,
    pub(super) validation: Option<String>,
    pub(super) validator_flags: Option<OneOrMany>,
    #[serde(default)]
    pub(super) grading: GradingYaml,
    #[serde(default)]
    pub(super) limits: LimitsYaml,
}

/// `grading` of the legacy format.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GradingYaml {
    pub(super) objective: Option<String>,
}

/// `limits` of either format.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LimitsYaml {
    pub(super) time_limit: Option<f64>,
    pub(super) time_multiplier: Option<f64>,
    pub(super) time_resolution: Option<f64>,
    pub(super) time_multipliers: Option<TimeMultipliersYaml>,
    pub(super) memory: Option<f64>,
    pub(super) output: Option<f64>,
    pub(super) code: Option<f64>,
    pub(super) compilation_time: Option<f64>,
    pub(super) validation_time: Option<f64>,
    pub(super) validation_memory: Option<f64>,
    pub(super) validation_output: Option<f64>,
    pub(super) validation_passes: Option<u32>,
}

/// `limits.time_multipliers` of 2025-09.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TimeMultipliersYaml {
    pub(super) ac_to_time_limit: Option<f64>,
    pub(super) time_limit_to_tle: Option<f64>,
}

/// `testdata.yaml` of the legacy format.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct TestdataYaml {
    pub(super) on_reject: Option<String>,
    pub(super) grading: Option<String>,
    pub(super) grader_flags: Option<String>,
    pub(super) output_validator_flags: Option<FlagsYaml>,
    pub(super) accept_score: Option<f64>,
    pub(super) reject_score: Option<f64>,
    pub(super) range: Option<String>,
}

/// Flags, with or without the name of the validator that they are for.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum FlagsYaml {
    Plain(String),
    Named { flags: Option<String> },
}

/// `test_group.yaml`, and the YAML file of a single test, of 2025-09.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct TestGroupYaml {
    pub(super) max_score: Option<MaxScoreYaml>,
    pub(super) score_aggregation: Option<String>,
    pub(super) require_pass: Option<OneOrMany>,
    pub(super) args: Option<Vec<String>>,
    pub(super) output_validator_args: Option<Vec<String>>,
    pub(super) static_validation_score: Option<serde_json::Value>,
}

/// A number, or the word `unbounded`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum MaxScoreYaml {
    Number(f64),
    Word(String),
}

/// One string or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    /// The strings; a single one is split at white space.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::One(words) => words.split_whitespace().map(str::to_owned).collect(),
            Self::Many(words) => words.clone(),
        }
    }
}

impl FlagsYaml {
    pub(super) fn words(&self) -> Vec<String> {
        let flags = match self {
            Self::Plain(flags) => flags.as_str(),
            Self::Named { flags } => flags.as_deref().unwrap_or_default(),
        };
        flags.split_whitespace().map(str::to_owned).collect()
    }
}

impl ProblemYaml {
    /// The name in English, or the only one.
    pub(super) fn title(&self) -> Option<String> {
        match self.name.as_ref()? {
            serde_json::Value::String(name) => Some(name.clone()),
            serde_json::Value::Object(names) => names.get("en").or(names.values().next())?.as_str().map(str::to_owned),
            other => Some(other.to_string()),
        }
    }
}

/// Reads a YAML file; `None` when there is none. An empty file is one without keys.
pub(super) fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<Option<T>, PackageError> {
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
    let text = text.trim_start_matches('\u{feff}');
    if text
        .lines()
        .all(|line| matches!(line.trim(), "" | "---") || line.trim_start().starts_with('#'))
    {
        return Ok(Some(T::default()));
    }
    serde_saphyr::from_str(text)
        .map(Some)
        .map_err(|error| PackageError::Yaml {
            path: path.to_owned(),
            message: error.to_string(),
        })
}
