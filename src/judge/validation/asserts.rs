//! What came of asserts. They are ours to run, and what they are given is the submission's.

use crate::contract::Excerpt;
use crate::judge::plan::PlannedTest;
use crate::judge::run::TestOutcome;
use crate::judge::validation::fault::{FaultReason, ValidatorFault};
use crate::judge::validation::feedback::Feedback;
use crate::judge::validation::result::validator_result;
use crate::judge::validation::wiring::Both;
use crate::judge::verdict::{FirstToExit, ValidatorResult};

/// The program that runs asserts ends so where the test itself is wrong (`python/verify_asserts.py`).
const WRONG: i32 = 44;

/// The outcome of a test. What travels between the boxes is no program's output; what the submission prints is in its
/// standard error.
pub(super) fn outcome(both: Both, feedback: Feedback, test: &PlannedTest) -> TestOutcome {
    let Both {
        submission,
        validator,
        first,
        was_asked,
        ..
    } = both;
    let (validator_result, message) = match validator_result(&validator) {
        ValidatorResult::Failed(fault) => match fault_of(fault.reason, was_asked, feedback.judge_message) {
            Fault::Program(message) => (ValidatorResult::Rejected, Some(message)),
            Fault::Test(reason) => (ValidatorResult::Failed(FaultReason::WrongTest(reason).into()), None),
            Fault::Judge(reason) => {
                let stderr = fault.stderr;
                let fault = ValidatorFault { reason, stderr };
                (ValidatorResult::Failed(fault), None)
            }
        },
        result => (result, feedback.team_message),
    };
    let is_wrong = matches!(&validator_result, ValidatorResult::Failed(fault) if fault.is_of_test());
    TestOutcome {
        facts: submission,
        stdout: Excerpt::default(),
        // A test that is wrong is so whatever becomes of the submission meanwhile.
        first: if is_wrong { FirstToExit::Validator } else { first },
        validator_result,
        feedback: Feedback::about(test.sample, message),
        transcript: None,
        captured: None,
        value: None,
    }
}

/// Whose fault it is that asserts came to no decision.
enum Fault {
    /// By its answers, as far as anybody can tell.
    Program(String),
    Test(String),
    Judge(FaultReason),
}

/// Asserts that asked the program for nothing have failed by themselves.
fn fault_of(reason: FaultReason, was_asked: bool, told: Option<String>) -> Fault {
    let message = match &reason {
        FaultReason::ExitCode(WRONG) => return Fault::Test(told.unwrap_or_else(|| "it does not say why".to_owned())),
        FaultReason::Time => "the asserts took too long".to_owned(),
        FaultReason::Memory => "the asserts took too much memory".to_owned(),
        FaultReason::Output => "the asserts wrote too much".to_owned(),
        FaultReason::ExitCode(code) => format!("the asserts ended their interpreter with exit code {code}"),
        FaultReason::Signal(_) if !reason.may_be_from_outside() => format!("the asserts crashed: {reason}"),
        _ => return Fault::Judge(reason),
    };
    match was_asked {
        true => Fault::Program(message),
        false => Fault::Test(format!("{message}, whatever the program does")),
    }
}
