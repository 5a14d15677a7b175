//! One attempt to run a test, and why it may fail.

use std::io;

use crate::judge::JudgeError;
use crate::judge::boxes::NotReady;
use crate::judge::plan::Plan;
use crate::sandbox::BoxError;

/// Pieces of output that may wait for the checker.
pub(in crate::judge) const PIECES_IN_FLIGHT: usize = 8;

/// Why an attempt to run a test failed.
pub(in crate::judge) enum AttemptError {
    /// The submission's box was lost.
    Box(BoxError),
    /// The validator's box was lost.
    ValidatorBox(BoxError),
    /// There is no room for one of the two boxes beside the other.
    NoRoom(JudgeError),
    /// Something else of the judge failed.
    Judge(JudgeError),
}

impl AttemptError {
    /// There is no box for the validator.
    pub(in crate::judge) fn without_validator(error: NotReady) -> Self {
        Self::not_ready(error, Self::ValidatorBox)
    }

    fn not_ready(error: NotReady, lost: impl FnOnce(BoxError) -> Self) -> Self {
        match error {
            NotReady::Lost(error) => lost(error),
            NotReady::NoRoom(error) => Self::NoRoom(error),
            NotReady::Failed(error) => Self::Judge(error),
        }
    }

    /// The data of a test of the package cannot be read.
    pub(in crate::judge) fn unreadable(plan: &Plan, test: &str, source: io::Error) -> Self {
        Self::Judge(JudgeError::PackageFile {
            problem: plan.problem_id().to_owned(),
            file: format!("the data of {test}"),
            source,
        })
    }
}

impl From<JudgeError> for AttemptError {
    fn from(error: JudgeError) -> Self {
        Self::Judge(error)
    }
}

impl From<NotReady> for AttemptError {
    /// For a box of the submission.
    fn from(error: NotReady) -> Self {
        Self::not_ready(error, Self::Box)
    }
}
