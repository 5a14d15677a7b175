//! The outcome of a package, as data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::limit::LimitUsed;
use crate::cli::verify::row::Row;

/// One package.
#[derive(Debug)]
pub(super) struct PackageReport {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// Why it cannot be used.
    pub(super) broken: Option<String>,
    /// What it lacks, and what kept it from being judged.
    pub(super) errors: Vec<String>,
    pub(super) warnings: Vec<String>,
    pub(super) limit: Option<LimitUsed>,
    /// What its data was checked with, if it was.
    pub(super) data: Option<DataReport>,
    pub(super) rows: Vec<Row>,
    /// Names of the groups that tests lie in.
    pub(super) groups: Vec<String>,
    /// Submissions that were to be judged and were not.
    pub(super) interrupted: bool,
    pub(super) took: Duration,
}

/// Environments that are not installed, with a message for each.
#[derive(Debug, Default)]
pub(super) struct Missing(Mutex<BTreeMap<String, String>>);

impl Missing {
    pub(super) fn note(&self, environment: &str, message: String) {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.entry(environment.to_owned()).or_insert(message);
    }

    pub(super) fn message(&self, environment: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.get(environment).cloned()
    }
}

impl PackageReport {
    pub(super) fn broken(path: &Path, reason: String) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Self {
            name: name.into_owned(),
            path: path.to_owned(),
            broken: Some(reason),
            errors: Vec::new(),
            warnings: Vec::new(),
            limit: None,
            data: None,
            rows: Vec::new(),
            groups: Vec::new(),
            interrupted: false,
            took: Duration::ZERO,
        }
    }

    pub(super) fn judge_failed_on_data(&self) -> bool {
        self.data.as_ref().is_some_and(|data| data.judge_failed)
    }

    /// It has no errors; with `strict` no warnings either.
    pub(super) fn is_ok(&self, strict: bool) -> bool {
        self.broken.is_none()
            && self.errors.is_empty()
            && !self.interrupted
            && (!strict || self.warnings.is_empty())
            && self.rows.iter().all(|row| row.ok() != Some(false))
    }
}
