//! A verdict in the formats of systems that keep marks: JUnit XML, and `results.json` of Gradescope and PrairieLearn.
//!
//! A judge error is no mark. JUnit has errors for it, PrairieLearn submissions that are not gradable; Gradescope has
//! nothing for it.

mod gradescope;
mod junit;
mod prairielearn;
mod text;

use thiserror::Error;

use crate::contract::{Judgement, Verdict};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// XML as JUnit's runners write it, and CI servers read it.
    Junit,
    /// `results.json` of Gradescope.
    Gradescope,
    /// `results.json` of PrairieLearn.
    PrairieLearn,
}

/// A verdict of which no report can be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// There is no mark.
    #[error("no mark comes of {}: {reason}; judge the submission again", verdict.describe())]
    NoMark {
        /// The verdict.
        verdict: Verdict,
        /// Its message.
        reason: String,
    },
    /// The tests themselves have skipped all of them.
    #[error("no mark comes of tests that all skip themselves; the reasons are in `skip_reason` of the verdict")]
    AllSkipped,
    /// A score without the best one says nothing about what part of it was reached.
    #[error("the problem gives scores, and PrairieLearn wants a part of the best one; say which with --max-score")]
    NoMaxScore,
    /// The report cannot be written.
    #[error("the report cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The report cannot be written.
    #[error("the report cannot be written: {0}")]
    Xml(#[from] std::io::Error),
}

/// The report of a verdict. `max_score` is the best score of a problem that gives scores.
///
/// # Errors
/// When there is no mark to report.
pub fn report(judgement: &Judgement, format: ReportFormat, max_score: Option<f64>) -> Result<String, ReportError> {
    match format {
        ReportFormat::Junit => junit::write(judgement),
        ReportFormat::Gradescope => gradescope::write(judgement, max_score),
        ReportFormat::PrairieLearn => prairielearn::write(judgement, max_score),
    }
}
