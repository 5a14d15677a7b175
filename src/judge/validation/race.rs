//! Which of the two programs of a test with a validator ends first, and what that means for the other.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::judge::run::attempt::AttemptError;
use crate::judge::validation::result::validator_result;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::{BoxError, Ended, RunFacts};

/// Of the submission and of the validator, and which of them ended first.
pub(super) type EndOfBoth = (RunFacts, RunFacts, FirstToExit);

/// Which of the two ends first.
pub(super) struct Race<'a> {
    pub(super) kill: &'a CancellationToken,
    pub(super) is_interactive: bool,
    /// The validator was told that the submission's output has ended.
    pub(super) output_ended: &'a AtomicBool,
}

impl Race<'_> {
    /// Waits for both. A validator of an interactive problem that rejects or fails ends the submission.
    pub(super) async fn run(
        &self,
        submission: impl Future<Output = Result<RunFacts, BoxError>>,
        validator: impl Future<Output = Result<RunFacts, BoxError>>,
        ended: oneshot::Sender<bool>,
    ) -> Result<EndOfBoth, AttemptError> {
        let (mut submission, mut validator) = (pin!(submission), pin!(validator));
        tokio::select! {
            ran = &mut submission => {
                let facts = ran.map_err(AttemptError::Box)?;
                // The receiver is gone where the output is forwarded no longer.
                let _not_heard = ended.send(has_failed(&facts));
                let judged = validator.await.map_err(AttemptError::ValidatorBox)?;
                let first = self.first(&judged);
                Ok((facts, judged, first))
            }
            judged = &mut validator => {
                let judged = judged.map_err(AttemptError::ValidatorBox)?;
                if self.is_interactive && validator_result(&judged) != ValidatorResult::Accepted {
                    self.kill.cancel();
                }
                let facts = submission.await.map_err(AttemptError::Box)?;
                Ok((facts, judged, FirstToExit::Validator))
            }
        }
    }

    /// A validator that ended without having been told of the end of the output decided by what was written. One that
    /// failed behind the end of the submission decided nothing: a submission that writes without end can drive it to
    /// its limits.
    fn first(&self, validator: &RunFacts) -> FirstToExit {
        let has_failed = matches!(validator_result(validator), ValidatorResult::Failed(_));
        if has_failed || self.output_ended.load(Ordering::Acquire) {
            FirstToExit::Submission
        } else {
            FirstToExit::Validator
        }
    }
}

fn has_failed(facts: &RunFacts) -> bool {
    facts.stopped.is_some() || facts.ended != Ended::Exit(0)
}
