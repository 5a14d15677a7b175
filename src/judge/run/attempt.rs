//! One attempt to run a test, and why it may come to nothing.

use std::error::Error;

use crate::judge::JudgeError;
use crate::sandbox::BoxError;

/// Pieces of output that may wait for the checker.
pub(in crate::judge) const PIECES_IN_FLIGHT: usize = 8;

/// Why an attempt to run a test came to nothing.
pub(in crate::judge) enum AttemptError {
    /// The submission's box was lost.
    Box(BoxError),
    /// The validator's box was lost.
    ValidatorBox(BoxError),
    /// We failed otherwise.
    Judge(JudgeError),
}

impl AttemptError {
    pub(in crate::judge) fn unreadable(test: &str, error: &(dyn Error + 'static)) -> Self {
        let reason = format!("the data of {test} cannot be read: {error}");
        Self::Judge(JudgeError::of_host_or(error, reason, |_| JudgeError::Problem {
            problem: test.to_owned(),
            reason: format!("its data cannot be read: {error}"),
        }))
    }
}
