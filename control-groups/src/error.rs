//! What cannot be done with a control group.

use thiserror::Error;

/// A limit that would not hold, or a group that cannot be made. It says what to do about it.
#[derive(Debug, Error)]
#[error("{reason}; {remedy}")]
pub struct GroupError {
    /// What is wrong, and where.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl GroupError {
    pub(crate) fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }
}
