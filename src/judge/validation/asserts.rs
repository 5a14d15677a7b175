//! What came of asserts. They are ours to run, and what they are given is the submission's.

use crate::contract::Excerpt;
use crate::judge::plan::PlannedTest;
use crate::judge::run::TestOutcome;
use crate::judge::validation::fault::FaultReason;
use crate::judge::validation::feedback::Feedback;
use crate::judge::validation::result::validator_result;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::RunFacts;

/// The outcome of a test. What travels between the boxes is no program's output; what the submission prints is in its
/// standard error.
pub(super) fn outcome(
    submission: RunFacts,
    (first, asserts): (FirstToExit, &RunFacts),
    feedback: Feedback,
    test: &PlannedTest,
) -> TestOutcome {
    let (validator_result, message) = match validator_result(asserts) {
        ValidatorResult::Failed(fault) => match too_much(&fault.reason) {
            Some(what) => (ValidatorResult::Rejected, Some(what.to_owned())),
            None => (ValidatorResult::Failed(fault), None),
        },
        result => (result, feedback.team_message),
    };
    TestOutcome {
        facts: submission,
        stdout: Excerpt::default(),
        first,
        validator_result,
        feedback: Feedback::about(test.sample, message),
        transcript: None,
        captured: None,
        value: None,
    }
}

/// Asserts that need too much do so by what they are answered, as far as anybody can tell.
fn too_much(reason: &FaultReason) -> Option<&'static str> {
    match reason {
        FaultReason::Time => Some("the asserts took too long"),
        FaultReason::Memory => Some("the asserts took too much memory"),
        FaultReason::Output => Some("the asserts wrote too much"),
        _ => None,
    }
}
