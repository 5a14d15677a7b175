//! The outcome of a submission, as data.

use std::time::Duration;

use crate::cli::verify::test_glob::TestGlob;
use crate::contract::{Judgement, TestVerdict, Verdict};
use crate::problem::{ExampleSubmission, TimeLimitBounds};

/// One submission.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    /// The language that its files are written in.
    pub(super) language: Option<String>,
    /// Language of the settings that it was judged with.
    pub(super) judged_with: Option<String>,
    /// Something is expected of it.
    pub(super) expects: bool,
    /// The expected verdicts in short.
    pub(super) expected: Vec<String>,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
    /// How it bounds the time limit.
    pub(super) bounds: TimeLimitBounds,
    /// CPU time of its slowest test where it has to be too slow, with more time than the limit; `None` where it was too
    /// slow for that as well.
    pub(super) slowest_beyond_ms: Option<u64>,
}

/// A submission that has to be fast enough, and the CPU time of its slowest test among those where it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) name: String,
    pub(super) cpu_ms: u64,
}

/// The outcome of a submission.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It has a verdict, and perhaps not the expected one.
    Judged {
        judgement: Box<Judgement>,
        complaint: Option<String>,
        /// What is odd about a verdict that is as expected.
        remark: Option<String>,
    },
    /// It was not judged, and that is no failure.
    Skipped(String),
    /// The environment of its boxes is there only where it was asked for, and is not here; that is no failure.
    NotBuilt { environment: String, reason: String },
    /// It could not be judged.
    Failed(String),
    /// The environment of its boxes is not installed; the report of the package says more.
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
            bounds: example.bounds.clone(),
            slowest_beyond_ms: None,
        }
    }

    /// CPU time of its slowest test where it has to be fast enough. One that does not compile, or that the judge failed on,
    /// says nothing about speed.
    pub(super) fn timed(&self) -> Option<Timed> {
        let judgement = self.judgement().filter(|it| it.verdict != Verdict::Je)?;
        if self.ok() == Some(false) && judgement.verdict != Verdict::Ac {
            return None;
        }
        let cpu_ms = self.max_cpu_on(&self.bounds.lower)?;
        let name = self.name.clone();
        Some(Timed { name, cpu_ms })
    }

    /// CPU time of its slowest test of those that a glob means; `None` means all.
    pub(super) fn max_cpu_on(&self, globs: &[Option<String>]) -> Option<u64> {
        let globs: Vec<TestGlob> = globs.iter().map(|glob| TestGlob::of(glob.as_deref())).collect();
        ran(self.judgement()?)
            .filter(|test| globs.iter().any(|glob| glob.means(&test.name)))
            .map(|test| test.cpu_ms)
            .max()
    }

    pub(super) fn judgement(&self) -> Option<&Judgement> {
        match &self.outcome {
            Outcome::Judged { judgement, .. } => Some(judgement),
            Outcome::Skipped(_) | Outcome::NotBuilt { .. } | Outcome::Failed(_) | Outcome::NoEnvironment(_) => None,
        }
    }

    /// Whether it agrees; `None` when it was not judged, or nothing is expected of it.
    pub(super) fn ok(&self) -> Option<bool> {
        match &self.outcome {
            Outcome::Judged { complaint: Some(_), .. } | Outcome::Failed(_) | Outcome::NoEnvironment(_) => Some(false),
            Outcome::Judged { .. } => self.expects.then_some(true),
            Outcome::Skipped(_) | Outcome::NotBuilt { .. } => None,
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
fn ran(judgement: &Judgement) -> impl Iterator<Item = &TestVerdict> {
    let is_run = |test: &&TestVerdict| !matches!(test.verdict, Verdict::Sk | Verdict::Je);
    judgement.tests.iter().filter(is_run)
}
