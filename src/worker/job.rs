//! One submission in hand, and what can go wrong with it.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use crate::broker::{Delivery, KeepReason, PublishError, Settlement};
use crate::contract::{Submission, Target};
use crate::judge::{Attempt, Culprit};
use crate::store::{StoreError, Wanted};

/// A submission with the delivery that it came in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) delivery: &'a Arc<Delivery>,
    pub(super) submission: &'a Submission,
    pub(super) attempt: &'a Attempt,
}

impl<'a> Job<'a> {
    /// What is claimed for it.
    pub(super) fn wanted(&self) -> Wanted<'a> {
        Wanted {
            request: self.submission.request(),
            language: &self.submission.language,
            problem: self.problem(),
            fingerprint: Some(self.submission.fingerprint()),
            file: self.submission.program_name(),
            metadata: &self.submission.metadata,
        }
    }

    /// Id of its problem, unless it brings its own tests.
    pub(super) fn problem(&self) -> Option<&'a str> {
        match &self.submission.target {
            Target::Problem(problem) => Some(&problem.id),
            Target::Inline { .. }
            | Target::TestSet(_)
            | Target::Calls(_)
            | Target::Asserts(_)
            | Target::Units(_)
            | Target::Run(_) => None,
        }
    }

    /// How long its answer is kept, where it says so itself.
    pub(super) fn keep(&self) -> Option<Duration> {
        self.submission.keep_s().map(Duration::from_secs)
    }

    /// What its failures have in common with those of others: the problem, else nothing but itself.
    pub(super) fn origin(&self) -> String {
        self.problem()
            .map_or_else(|| self.submission.id.to_string(), str::to_owned)
    }
}

/// A delivery that could not be brought to an end.
#[derive(Debug, Error)]
pub(super) enum GradeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Publish(#[from] PublishError),
}

impl GradeError {
    pub(super) fn culprit(&self) -> Culprit {
        match self {
            Self::Store(_) => Culprit::Database,
            Self::Publish(_) => Culprit::Broker,
        }
    }

    /// What becomes of the delivery, whose verdict may be stored, at this attempt.
    pub(super) fn settlement(&self, is_stored: bool, attempt: u64) -> Settlement {
        match self {
            // The connection is at fault, so no attempt is used up.
            Self::Publish(PublishError::Closed) => Settlement::HandBack,
            Self::Publish(error) if error.is_final() => Settlement::DeadLetter(KeepReason {
                code: "undeliverable".to_owned(),
                field: None,
                reason: error.to_string(),
                attempt,
                history: Vec::new(),
            }),
            // The verdict is stored, and offered again until a queue takes it.
            Self::Publish(PublishError::Unroutable { .. }) if is_stored => Settlement::Later,
            Self::Store(_) | Self::Publish(_) => Settlement::Retry,
        }
    }
}
