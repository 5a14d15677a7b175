//! One submission in hand, and what can go wrong with it.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use crate::broker::{Delivery, KeepReason, PublishError, Settlement};
use crate::contract::{Submission, Target};
use crate::judge::{Attempt, Culprit};
use crate::store::{StoreError, Wanted};

/// How often a submission is put off whose answer no queue takes, before it becomes a dead letter.
const MOST_REFUSED: u64 = 20;

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

    /// What becomes of the delivery.
    pub(super) fn settlement(&self, tried: &Tried) -> Settlement {
        match self {
            // The connection is at fault, so no attempt is used up.
            Self::Publish(PublishError::Closed) => Settlement::HandBack,
            Self::Publish(error) if error.is_final() || tried.was_enough() => Settlement::DeadLetter(KeepReason {
                code: "undeliverable".to_owned(),
                field: None,
                reason: error.to_string(),
                attempt: tried.attempt,
                history: Vec::new(),
            }),
            // The answer is stored, and not judged again.
            Self::Publish(_) if tried.is_stored => Settlement::OfferAgain,
            Self::Store(_) | Self::Publish(_) => Settlement::Retry,
        }
    }
}

/// What was tried to bring a delivery to an end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tried {
    /// Its verdict is stored where there is one, and not judged again.
    pub(super) is_stored: bool,
    /// Which attempt it is, from 1.
    pub(super) attempt: u64,
    /// Attempts that there may be.
    pub(super) most: u64,
    /// How often it was put off since no queue took its answer.
    pub(super) refused: u64,
}

impl Tried {
    /// The answer is not offered once more.
    fn was_enough(&self) -> bool {
        match self.is_stored {
            true => self.refused >= MOST_REFUSED,
            false => self.attempt >= self.most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::Refusal;

    fn refused() -> GradeError {
        let key = "verdict.python3.AC".to_owned();
        let source = Refusal::Nack;
        GradeError::Publish(PublishError::Refused { key, source })
    }

    fn unroutable() -> GradeError {
        GradeError::Publish(PublishError::Unroutable {
            exchange: "assize.verdicts".to_owned(),
            key: "verdict.python3.AC".to_owned(),
            reply: "NO_ROUTE".to_owned(),
        })
    }

    fn tried(is_stored: bool, attempt: u64, refused: u64) -> Tried {
        Tried {
            is_stored,
            attempt,
            most: 3,
            refused,
        }
    }

    #[test]
    fn an_answer_that_no_queue_takes_is_offered_a_bounded_number_of_times() {
        for (error, reason) in [
            (refused as fn() -> GradeError, "reject-publish"),
            (unroutable, "NO_ROUTE"),
        ] {
            let after = |is_stored, attempt, times| error().settlement(&tried(is_stored, attempt, times));
            assert!(matches!(after(true, 1, 0), Settlement::OfferAgain));
            assert!(matches!(after(true, 9, MOST_REFUSED - 1), Settlement::OfferAgain));
            assert!(matches!(after(true, 1, MOST_REFUSED), Settlement::DeadLetter(_)));
            assert!(matches!(after(false, 2, 0), Settlement::Retry));
            let Settlement::DeadLetter(kept) = after(false, 3, 0) else {
                panic!("it was tried often enough");
            };
            assert_eq!((kept.code.as_str(), kept.attempt), ("undeliverable", 3));
            assert!(kept.reason.contains(reason), "{}", kept.reason);
        }
    }
}
