//! Why a submission could not be judged.

use std::error::Error as StdError;

use thiserror::Error;

use crate::contract::Rejected;
use crate::judge::Culprit;
use crate::sandbox::{BoxError, LaunchError, host_fault};

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
    #[error("no box: {source}{}", advice(.source))]
    Launch {
        /// Why.
        #[from]
        source: LaunchError,
    },
    /// The host lacks something else: disk, descriptors, memory.
    #[error("{reason}; {advice}")]
    Host {
        /// What could not be done, where, and why.
        reason: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// Boxes were lost one after the other.
    #[error("{boxes} boxes were lost, the last one on {during}: {source}")]
    Box {
        /// How many.
        boxes: u32,
        /// How many of them broke while a program ran, and not because the host ended them.
        under_program: u32,
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
    #[error("{workers} workers died or fell silent while they judged it; see the logs of their hosts")]
    WorkersLost {
        /// How many.
        workers: u64,
    },
    /// A task of the judge panicked.
    #[error("the judge failed: {0}")]
    Internal(String),
}

impl JudgeError {
    /// A fault of the host where that is behind it, else of somebody else.
    pub(super) fn of_host_or(
        error: &(dyn StdError + 'static),
        reason: String,
        other: impl FnOnce(String) -> Self,
    ) -> Self {
        match host_fault(error) {
            Some(advice) => Self::Host { reason, advice },
            None => other(reason),
        }
    }

    /// Who is to blame.
    pub fn culprit(&self) -> Culprit {
        match self {
            Self::Launch { .. } | Self::Box { .. } => Culprit::Boxes,
            Self::Host { .. } => Culprit::Host,
            Self::CompileCheck(_) => Culprit::Image,
            Self::Problem { .. } => Culprit::Problem,
            Self::Validator { .. } | Self::ValidatorBuild { .. } => Culprit::Validator,
            Self::Internal(_) | Self::WorkersLost { .. } => Culprit::Judge,
        }
    }
}

fn advice(error: &LaunchError) -> String {
    host_fault(error).map_or_else(String::new, |advice| format!("; {advice}"))
}
