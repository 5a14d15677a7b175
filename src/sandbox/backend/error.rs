//! What a backend cannot do. Each error carries the remedy, which only the backend knows.

use std::time::Duration;

use thiserror::Error;

/// The error behind an error of a backend.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// A box that could not be made or changed.
#[derive(Debug, Error)]
pub enum LaunchError {
    /// What the box is to be made of is not on this host.
    #[error("the environment {environment} is not installed: {source}; {remedy}")]
    NotInstalled {
        /// Name of the environment.
        environment: String,
        /// What to do about it.
        remedy: String,
        /// What is missing.
        source: BoxedError,
    },
    /// The backend said no.
    #[error("cannot {step} a box: {source}; {remedy}")]
    Refused {
        /// What was tried.
        step: &'static str,
        /// What to do about it.
        remedy: String,
        /// What the backend says.
        source: BoxedError,
    },
    /// All boxes together have what they may have. It is made when others have ended.
    #[error("there is no room to {step} a box: {source}; {remedy}")]
    NoRoom {
        /// What was tried.
        step: &'static str,
        /// What to do about it.
        remedy: String,
        /// What the backend says.
        source: BoxedError,
    },
    /// The backend cannot be reached, or one step took too long.
    #[error("the sandbox does not answer, cannot {step} a box: {source}; {remedy}")]
    Unresponsive {
        /// What was tried.
        step: &'static str,
        /// What to do about it.
        remedy: String,
        /// How it shows.
        source: BoxedError,
    },
    /// All steps together took too long.
    #[error("a box did not start within {after:?}; {remedy}")]
    Timeout {
        /// How long it was waited for.
        after: Duration,
        /// What to do about it.
        remedy: String,
    },
}

impl LaunchError {
    /// What to do about it.
    pub fn remedy(&self) -> &str {
        match self {
            Self::NotInstalled { remedy, .. }
            | Self::Refused { remedy, .. }
            | Self::NoRoom { remedy, .. }
            | Self::Unresponsive { remedy, .. }
            | Self::Timeout { remedy, .. } => remedy,
        }
    }
}

/// A backend that cannot be used.
#[derive(Debug, Error)]
pub enum BackendError {
    /// The setting names none.
    #[error("the setting sandbox.backend = {name:?} names no backend; set it to {known}")]
    Unknown {
        /// What it names.
        name: String,
        /// Those that there are.
        known: &'static str,
    },
    /// It cannot be reached now, and may be later.
    #[error("cannot reach {what}: {source}; {remedy}")]
    Away {
        /// What was looked for, and where.
        what: String,
        /// What to do about it.
        remedy: String,
        /// Why it cannot be reached.
        source: BoxedError,
    },
    /// It is there, or its settings are, and something has to be changed.
    #[error("{what}; {remedy}")]
    Unfit {
        /// What is wrong, and where.
        what: String,
        /// What to do about it.
        remedy: String,
        /// What is behind it.
        source: Option<BoxedError>,
    },
    /// A layer cannot be left out.
    #[error("the backend {backend} has no layer {layer:?} that can be left out; it has {layers}")]
    NoSuchLayer {
        /// Name of the backend.
        backend: &'static str,
        /// The layer.
        layer: String,
        /// Those that can.
        layers: String,
    },
}

/// Boxes of dead workers that could not be looked for.
#[derive(Debug, Error)]
#[error("cannot look for the boxes of dead workers: {0}")]
pub struct SweepError(#[source] pub BoxedError);
