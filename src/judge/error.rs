//! Why a submission could not be judged.

use thiserror::Error;

use crate::contract::Rejected;
use crate::sandbox::{BoxError, LaunchError};

/// A submission that got no verdict.
#[derive(Debug, Error)]
pub enum JudgeFailure {
    /// The submission asks for what this worker does not have.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// We failed. Never the submission's fault.
    #[error(transparent)]
    Error(#[from] JudgeError),
}

/// A fault of ours. Each names its culprit.
#[derive(Debug, Error)]
pub enum JudgeError {
    /// No box could be had.
    #[error("no box: {0}")]
    Launch(#[from] LaunchError),
    /// Boxes were lost one after the other.
    #[error("{boxes} boxes were lost, the last one on {during}: {source}")]
    Box {
        /// How many.
        boxes: u32,
        /// What it was used for.
        during: String,
        /// How the last one was lost.
        source: BoxError,
    },
    /// The problem package cannot be used.
    #[error("the problem {problem} cannot be used: {reason}")]
    Problem {
        /// Id of the problem.
        problem: String,
        /// Why.
        reason: String,
    },
    /// The output validator failed.
    #[error("the output validator failed on {test}: {reason}")]
    Validator {
        /// Name of the test.
        test: String,
        /// How.
        reason: String,
    },
    /// An output validator cannot be built.
    #[error("the output validator {validator} cannot be built: {reason}")]
    ValidatorBuild {
        /// Its name.
        validator: String,
        /// What its compiler says.
        reason: String,
    },
    /// The compile check did something that only a broken image explains.
    #[error("the compile check failed: {0}")]
    CompileCheck(String),
    /// Whoever tried it before died of it, or at least meanwhile.
    #[error("{attempts} attempts came to nothing, the last one because its worker died or fell silent")]
    WorkerLost {
        /// How many.
        attempts: u64,
    },
    /// A task of the judge panicked.
    #[error("the judge failed: {0}")]
    Internal(String),
}
