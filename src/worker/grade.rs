//! One delivery: parsed, claimed, judged, stored, published.

use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::broker::{DeadLetterReason, Delivery, PublishError, Settlement};
use crate::contract::{self, Judgement, Progress, Rejected, SecurityEvent, Submission, Target};
#[cfg(feature = "failpoints")]
use crate::failpoint::{self, Stage};
use crate::judge::{Culprit, JudgeError, JudgeFailure};
use crate::store::{Cancelled, Claim, Ending, Lease, Recorded, StoreError, Wanted};
use crate::telemetry::{self, metrics};
use crate::worker::Worker;

/// Progress messages of one submission that may wait to be sent.
const PROGRESS_CAPACITY: usize = 64;

/// A delivery that could not be brought to an end. It goes back to the queue.
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

    pub(super) fn settlement(&self, is_stored: bool) -> Settlement {
        match self {
            // Not the message's fault, so no attempt is used up.
            Self::Publish(PublishError::Closed) => Settlement::HandBack,
            // The verdict is kept, and offered again until somebody takes it.
            Self::Publish(PublishError::Unroutable { .. }) if is_stored => Settlement::Later,
            Self::Store(_) | Self::Publish(PublishError::Unroutable { .. } | PublishError::Json(_)) => {
                Settlement::Retry
            }
        }
    }
}

impl Worker {
    /// The line: parsed, looked up, judged, stored, published.
    pub(super) async fn grade(&self, delivery: &Arc<Delivery>) -> Result<Settlement, GradeError> {
        let received_at = Timestamp::now();
        #[cfg(feature = "failpoints")]
        failpoint::reached(Stage::Received, delivery.message_id());
        let submission = match contract::parse(delivery.body(), &self.settings.submission.caps()) {
            Ok(submission) => submission,
            Err(rejected) => return self.refuse(delivery, rejected).await,
        };
        let span = tracing::info_span!("submission", submission.id = %submission.id, attempt = delivery.attempt());
        async {
            match self.store.claim(&wanted(&submission), &self.settings.worker.id).await? {
                Claim::Judged(judgement) => {
                    tracing::info!(verdict = %judgement.verdict, "judged before: the same verdict again");
                    self.broker.publish_verdict(delivery, &judgement).await?;
                    Ok(Settlement::Ack)
                }
                Claim::Conflict => self.refuse(delivery, Rejected::id_conflict(submission.id)).await,
                Claim::Held { worker } => {
                    tracing::info!(worker, "another worker is judging it; it comes again in a while");
                    Ok(Settlement::Later)
                }
                Claim::Ours(lease) => self.grade_under(lease, delivery, &submission, received_at).await,
            }
        }
        .instrument(span)
        .await
    }

    /// Judges as long as nobody else has taken over.
    async fn grade_under(
        &self,
        lease: Lease,
        delivery: &Arc<Delivery>,
        submission: &Submission,
        received_at: Timestamp,
    ) -> Result<Settlement, GradeError> {
        #[cfg(feature = "failpoints")]
        failpoint::reached(Stage::Claimed, delivery.message_id());
        if let Some(lost) = self.lost_too_often(&lease) {
            return self.give_up(lease, delivery, submission, received_at, &lost).await;
        }
        let judged = tokio::select! {
            biased;
            () = lease.lost() => {
                metrics().leases_lost.inc();
                tracing::warn!("another worker has taken over; this attempt is given up");
                return Ok(Settlement::Later);
            }
            cancelled = self.cancelled(&lease, submission) => {
                Ok(self.judge.cancelled(submission, received_at, cancelled.reason))
            }
            judged = self.judge_with_progress(delivery, submission, received_at) => judged,
        };
        match judged {
            Ok(judgement) => {
                self.breaker.reset();
                self.announce(lease, delivery, judgement).await
            }
            Err(JudgeFailure::Rejected(rejected)) => {
                let reason = rejected.reason.clone();
                let settlement = self.refuse(delivery, rejected).await?;
                lease.end(Ending::Rejected, &reason).await?;
                Ok(settlement)
            }
            Err(JudgeFailure::Error(error)) => self.fail(lease, delivery, submission, received_at, &error).await,
        }
    }

    /// Returns when nobody wants a verdict any more.
    async fn cancelled(&self, lease: &Lease, submission: &Submission) -> Cancelled {
        match lease.cancelled() {
            Some(cancelled) => cancelled.clone(),
            None => self.cancellations.of(submission.request()).await,
        }
    }

    /// What kills its worker each time never fails by itself: the attempts before this one speak for it.
    fn lost_too_often(&self, lease: &Lease) -> Option<JudgeError> {
        let workers = lease.workers_lost();
        (workers >= self.settings.broker.max_lost_workers).then_some(JudgeError::WorkersLost { workers })
    }

    async fn judge_with_progress(
        &self,
        delivery: &Arc<Delivery>,
        submission: &Submission,
        received_at: Timestamp,
    ) -> Result<Judgement, JudgeFailure> {
        let (sender, mut receiver) = mpsc::channel::<Progress>(PROGRESS_CAPACITY);
        let publishing = async {
            while let Some(progress) = receiver.recv().await {
                self.broker.publish_progress(delivery, &progress).await;
            }
        };
        let judging = async {
            let sender = sender;
            let progress = |progress| {
                #[cfg(feature = "failpoints")]
                failpoint::reached(Stage::MidRun, delivery.message_id());
                // Progress is advice; what does not fit is dropped.
                let _full = sender.try_send(progress);
            };
            self.judge.judge(submission, received_at, &progress).await
        };
        let ((), judged) = tokio::join!(publishing, judging);
        judged
    }

    /// Stores, then publishes. What was stored first is what is published.
    async fn announce(
        &self,
        mut lease: Lease,
        delivery: &Delivery,
        judgement: Judgement,
    ) -> Result<Settlement, GradeError> {
        let judgement = judgement.of_attempt(lease.number());
        let findings = SecurityEvent::of(&judgement);
        let kept: &[SecurityEvent] = if self.settings.security.events { &findings } else { &[] };
        #[cfg(feature = "failpoints")]
        failpoint::reached(Stage::Judged, delivery.message_id());
        let (judgement, is_new) = match lease.record(&judgement, kept).await? {
            Recorded::New => {
                metrics().verdict(&judgement);
                (judgement, true)
            }
            Recorded::Already(stored) => (*stored, false),
            Recorded::Superseded => {
                metrics().leases_lost.inc();
                tracing::warn!("another worker has taken over; this verdict does not count");
                return Ok(Settlement::Later);
            }
        };
        #[cfg(feature = "failpoints")]
        failpoint::reached(Stage::Stored, delivery.message_id());
        self.broker.publish_verdict(delivery, &judgement).await?;
        #[cfg(feature = "failpoints")]
        failpoint::reached(Stage::Published, delivery.message_id());
        if is_new {
            metrics().answered_after(seconds_since(judgement.received_at));
        }
        tracing::info!(
            verdict = %judgement.verdict,
            tests = judgement.totals.tests,
            passed = judgement.totals.passed,
            cpu_ms = judgement.totals.cpu_ms,
            "judged"
        );
        if is_new && let Err(error) = self.report_findings(delivery, &findings).await {
            tracing::error!(%error, "security events were lost; the findings are in the verdict");
        }
        Ok(Settlement::Ack)
    }

    /// Tells what was noticed to whoever watches for attacks.
    async fn report_findings(&self, delivery: &Delivery, findings: &[SecurityEvent]) -> Result<(), GradeError> {
        for event in findings {
            telemetry::security_event(event);
            if self.settings.security.events {
                self.broker.publish_security_event(delivery, event).await?;
            }
        }
        Ok(())
    }

    /// The message asks for something that cannot be done: its sender gets a rejection, and it becomes a dead letter.
    async fn refuse(&self, delivery: &Delivery, rejected: Rejected) -> Result<Settlement, GradeError> {
        let rejected = Rejected {
            id: rejected.id.or(delivery.message_id()),
            ..rejected
        };
        tracing::info!(id = ?rejected.id, field = rejected.field, reason = rejected.reason, "rejected a message");
        metrics().rejection(rejected.code);
        let code = rejected.code.name();
        let reason = DeadLetterReason {
            code: code.to_owned(),
            field: rejected.field.clone(),
            reason: rejected.reason.clone(),
            attempt: delivery.attempt(),
            history: Vec::new(),
        };
        let rejection = rejected.into_rejection(&self.settings.worker.id);
        self.broker.publish_rejection(delivery, code, &rejection).await?;
        Ok(Settlement::DeadLetter(reason))
    }

    /// We failed: again, until the attempts are used up; then that is the verdict.
    async fn fail(
        &self,
        lease: Lease,
        delivery: &Delivery,
        submission: &Submission,
        received_at: Timestamp,
        error: &JudgeError,
    ) -> Result<Settlement, GradeError> {
        let culprit = error.culprit();
        metrics().judge_error(culprit.name());
        if culprit.is_the_host() {
            self.breaker.trip(error.to_string());
        }
        let attempt = lease.tries().unwrap_or_else(|| delivery.attempt());
        let most = self.settings.broker.max_attempts;
        if attempt < most {
            tracing::error!(%error, attempt, most, "judge error; the submission goes back to the queue");
            lease.end(Ending::Failed, &error.to_string()).await?;
            return Ok(Settlement::Retry);
        }
        if culprit.is_the_host() && !self.breaker.can_judge().await {
            tracing::error!(%error, attempt, "judge error on the last attempt, on a host that judges nothing; it goes back");
            lease.end(Ending::Failed, &error.to_string()).await?;
            return Ok(Settlement::HandBack);
        }
        self.give_up(lease, delivery, submission, received_at, error).await
    }

    async fn give_up(
        &self,
        lease: Lease,
        delivery: &Delivery,
        submission: &Submission,
        received_at: Timestamp,
        error: &JudgeError,
    ) -> Result<Settlement, GradeError> {
        tracing::error!(%error, "judge error on the last attempt; the submission is given up");
        let attempt = lease.tries().unwrap_or_else(|| delivery.attempt());
        let history = lease.history().await?;
        let verdict = self.judge.judge_error(submission, received_at, error);
        match self.announce(lease, delivery, verdict).await? {
            Settlement::Ack => {}
            other => return Ok(other),
        }
        let reason = DeadLetterReason {
            code: "judge_error".to_owned(),
            field: None,
            reason: error.to_string(),
            attempt,
            history,
        };
        Ok(Settlement::DeadLetter(reason))
    }
}

/// A clock that was set back meanwhile counts as no time.
fn seconds_since(then: Timestamp) -> f64 {
    Timestamp::now().duration_since(then).as_secs_f64().max(0.0)
}

fn wanted(submission: &Submission) -> Wanted<'_> {
    Wanted {
        request: submission.request(),
        fingerprint: Some(submission.fingerprint()),
        language: &submission.language,
        problem: match &submission.target {
            Target::Problem(problem) => Some(&problem.id),
            Target::Inline { .. } => None,
        },
    }
}
