//! Why something is not done. Each error says what to do about it.

use assize_control_groups::GroupError;
use assize_jailer_protocol::{Refusal, RefusalKind};
use thiserror::Error;

/// Something that was not done.
#[derive(Debug, Error)]
#[error("{reason}; {remedy}")]
pub struct JailError {
    /// What kind it is.
    pub kind: RefusalKind,
    /// What is wrong, and where.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl JailError {
    pub(crate) fn forbidden(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::of(RefusalKind::Forbidden, reason, remedy)
    }

    pub(crate) fn not_installed(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::of(RefusalKind::NotInstalled, reason, remedy)
    }

    pub(crate) fn no_room(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::of(RefusalKind::NoRoom, reason, remedy)
    }

    pub(crate) fn unable(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::of(RefusalKind::Unable, reason, remedy)
    }

    fn of(kind: RefusalKind, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn into_refusal(self) -> Refusal {
        Refusal {
            kind: self.kind,
            reason: self.reason,
            remedy: self.remedy,
        }
    }
}

/// A limit that would not hold.
impl From<GroupError> for JailError {
    fn from(error: GroupError) -> Self {
        Self::unable(error.reason, error.remedy)
    }
}
