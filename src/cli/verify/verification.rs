//! A package in the making: what it is verified with, and what ended so far.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::cli::program::languages::Languages;
use crate::cli::progress::ProgressLine;
use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::limit::LimitUsed;
use crate::cli::verify::outcome::Missing;
use crate::cli::verify::row::{Outcome, Row};
use crate::cli::verify::selection::Selection;
use crate::config::{JudgingSettings, ProblemSettings, Settings, SubmissionSettings};
use crate::judge::Judge;
use crate::problem::{Package, PackageChecks};

/// The settings that packages are verified with.
pub(super) struct VerifySettings {
    pub(super) judging: JudgingSettings,
    pub(super) problems: ProblemSettings,
    pub(super) submission: SubmissionSettings,
    /// Environments that a worker of these settings needs.
    needed: BTreeSet<String>,
}

impl From<Settings> for VerifySettings {
    /// Every language is offered, and the author of a package sees the messages of validators.
    fn from(mut settings: Settings) -> Self {
        let needed = settings
            .judging()
            .environments()
            .map(|(_key, name)| name.to_owned())
            .collect();
        settings.judge.show_judge_messages = true;
        settings.offer_all_languages();
        Self {
            judging: settings.judging(),
            problems: settings.problems,
            submission: settings.submission,
            needed,
        }
    }
}

/// One package in the making.
pub(super) struct Verification<'a> {
    pub(super) settings: &'a VerifySettings,
    pub(super) judge: &'a Judge,
    pub(super) package: &'a Package,
    pub(super) jobs: usize,
    pub(super) selection: &'a Selection,
    pub(super) languages: Languages<'a>,
    pub(super) missing: &'a Missing,
    pub(super) progress_line: &'a ProgressLine,
    /// What its data is checked with, if it is to be.
    pub(super) checks: Option<&'a PackageChecks>,
}

impl Verification<'_> {
    /// What becomes of a submission whose environment is not installed. One that no worker needs, such as that of Java, is there
    /// only where it was asked for.
    pub(super) fn without_environment(&self, environment: &str) -> Outcome {
        let needed = self.settings.needed.contains(environment);
        let environment = environment.to_owned();
        match self.missing.message(&environment) {
            Some(reason) if !needed => Outcome::NotBuilt { environment, reason },
            _ => Outcome::NoEnvironment(environment),
        }
    }
}

/// What ended so far: it is kept when the rest is interrupted.
#[derive(Default)]
pub(super) struct Done {
    pub(super) rows: Mutex<Vec<Row>>,
    pub(super) limit: Mutex<Option<LimitUsed>>,
    pub(super) data: Mutex<Option<DataReport>>,
}

impl Done {
    pub(super) fn add(&self, row: Row) -> usize {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.push(row);
        rows.len()
    }
}
