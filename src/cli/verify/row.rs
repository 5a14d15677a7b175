//! What came out for a submission, as data.

use std::time::Duration;

use crate::contract::{Judgement, TestVerdict, Verdict};
use crate::problem::ExampleSubmission;

/// One submission.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    /// What its files say that it is written in.
    pub(super) language: Option<String>,
    /// Language of the settings that it was judged with.
    pub(super) judged_with: Option<String>,
    /// Something is expected of it.
    pub(super) expects: bool,
    /// The expected verdicts in short.
    pub(super) expected: Vec<String>,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
}

/// What came out for a submission.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It has a verdict, and perhaps not the expected one.
    Judged {
        judgement: Box<Judgement>,
        complaint: Option<String>,
    },
    /// It was not judged, and that is no failure.
    Skipped(String),
    /// It could not be judged.
    Failed(String),
    /// What its boxes are made of is not here; the report of the package says more.
    NoEnvironment(String),
}

impl Row {
    pub(super) fn of(example: &ExampleSubmission, outcome: Outcome) -> Self {
        let expected = example
            .expectation
            .as_ref()
            .map(|expected| expected.shown.clone())
            .unwrap_or_default();
        Self {
            name: example.name.clone(),
            language: example.language.clone(),
            judged_with: None,
            expects: example.expectation.is_some(),
            expected,
            outcome,
            took: Duration::ZERO,
        }
    }

    pub(super) fn judgement(&self) -> Option<&Judgement> {
        match &self.outcome {
            Outcome::Judged { judgement, .. } => Some(judgement),
            Outcome::Skipped(_) | Outcome::Failed(_) | Outcome::NoEnvironment(_) => None,
        }
    }

    /// Whether it agrees; `None` when it was not judged, or nothing is expected of it.
    pub(super) fn ok(&self) -> Option<bool> {
        match &self.outcome {
            Outcome::Judged { complaint: Some(_), .. } | Outcome::Failed(_) | Outcome::NoEnvironment(_) => Some(false),
            Outcome::Judged { .. } => self.expects.then_some(true),
            Outcome::Skipped(_) => None,
        }
    }

    /// The judge failed on it, or could not begin.
    pub(super) fn is_a_judge_error(&self) -> bool {
        matches!(self.outcome, Outcome::NoEnvironment(_))
            || self.judgement().is_some_and(|it| it.verdict == Verdict::Je)
    }

    /// CPU time of its slowest test, where its tests ran.
    pub(super) fn max_cpu_ms(&self) -> Option<u64> {
        ran(self.judgement()?).map(|test| test.cpu_ms).max()
    }

    /// Time on the wall of its slowest test, where its tests ran.
    pub(super) fn max_wall_ms(&self) -> Option<u64> {
        ran(self.judgement()?).map(|test| test.wall_ms).max()
    }
}

/// The tests that the program was run on, and that did not end in a fault of ours.
pub(super) fn ran(judgement: &Judgement) -> impl Iterator<Item = &TestVerdict> {
    let is_run = |test: &&TestVerdict| !matches!(test.verdict, Verdict::Sk | Verdict::Je);
    judgement.tests.iter().filter(is_run)
}
