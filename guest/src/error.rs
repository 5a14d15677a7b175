//! What the guest could not do.

use std::io;

use thiserror::Error;

/// Something that failed.
#[derive(Debug, Error)]
#[error("the guest cannot {what}: {source}")]
pub(crate) struct GuestError {
    what: String,
    source: io::Error,
}

/// Says what was tried.
pub(crate) trait Doing<T> {
    /// `what` completes the sentence "the guest cannot ...".
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, GuestError>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, GuestError> {
        self.map_err(|source| GuestError {
            what: what(),
            source: source.into(),
        })
    }
}
