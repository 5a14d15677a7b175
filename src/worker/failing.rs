//! What becomes of a delivery that gets no verdict: rejected, tried again, or given up with a judge error.

use std::time::Duration;

use tokio::time::sleep;

use crate::broker::{Delivery, KeepReason, Settlement};
use crate::contract::{Fingerprint, Rejected, Rejection, RejectionCode, Request};
use crate::judge::{Culprit, JudgeError};
use crate::problem::examine_problems;
use crate::store::{Lease, RejectedMessage};
use crate::telemetry::metrics;
use crate::worker::Worker;
use crate::worker::job::{GradeError, Job};

/// Code of the dead letter of a submission that could not be judged.
pub(super) const JUDGE_ERROR: &str = "judge_error";

/// How long the last attempt at a submission is kept for the free slot in which the host is probed.
const SLOT_PATIENCE: Duration = Duration::from_secs(30);

/// A submission whose last attempt failed on hosts of which it is not known that they can judge is tried until so many
/// times its attempts are used up.
const MOST_HAND_BACKS: u64 = 4;

impl Worker {
    /// The message asks for something that cannot be done, and there is no lease on it: the rejection is stored where the
    /// submission came over HTTP, its sender gets it, and a copy is kept for a while.
    pub(super) async fn refuse(
        &self,
        delivery: &Delivery,
        fingerprint: Option<Fingerprint>,
        rejected: Rejected,
    ) -> Result<Settlement, GradeError> {
        let rejection = self.rejection_of(delivery, rejected);
        self.store_unclaimed(delivery, fingerprint, &rejection).await?;
        self.tell(delivery, rejection).await
    }

    fn rejection_of(&self, delivery: &Delivery, rejected: Rejected) -> Rejection {
        let rejected = Rejected {
            id: rejected.id.or(delivery.message_id()),
            ..rejected.shortened()
        };
        rejected.into_rejection(&self.settings.worker.id)
    }

    /// A database that refuses it is asked at every attempt; after the last one the rejection is told all the same.
    async fn store_unclaimed(
        &self,
        delivery: &Delivery,
        fingerprint: Option<Fingerprint>,
        rejection: &Rejection,
    ) -> Result<(), GradeError> {
        let Some(id) = rejection.id else { return Ok(()) };
        let named = Request::of_message(delivery.body()).filter(|named| named.submission == id);
        let message = RejectedMessage {
            request: Request {
                submission: id,
                rejudge: named.and_then(|named| named.rejudge),
            },
            fingerprint,
            body: delivery.body(),
        };
        match self.store.reject_unclaimed(message, rejection).await {
            Err(error) if delivery.attempt() < self.settings.broker.max_attempts => Err(error.into()),
            Err(error) => {
                tracing::error!(submission.id = %id, %error, "a rejection is not stored; its sender alone hears of it");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Publishes a rejection, which is stored where it is to be.
    async fn tell(&self, delivery: &Delivery, rejection: Rejection) -> Result<Settlement, GradeError> {
        let code = rejection.code.name();
        tracing::info!(
            submission.id = rejection.id.map(display),
            code,
            field = rejection.field,
            reason = rejection.reason,
            "a message was rejected"
        );
        metrics().rejection(rejection.code);
        self.tell_rejection(delivery, code, &rejection).await?;
        Ok(Settlement::Rejected(KeepReason {
            code: code.to_owned(),
            field: rejection.field,
            reason: rejection.reason,
            attempt: delivery.attempt(),
            history: Vec::new(),
        }))
    }

    /// Rejects a submission that was claimed. One whose problem is not here yet comes again a few times before: packages
    /// are copied to workers one after the other.
    pub(super) async fn refuse_under(
        &self,
        lease: Lease,
        job: &Job<'_>,
        rejected: Rejected,
    ) -> Result<Settlement, GradeError> {
        if rejected.code == RejectionCode::UnknownProblem
            && let Err(error) = examine_problems(&self.settings.problems).await
        {
            tracing::error!(%error, "this worker has lost its problems; the submission comes again in a while");
            return Ok(self.put_off_without_problems(lease).await);
        }
        let most = self.settings.broker.unknown_problem_retries;
        if rejected.code == RejectionCode::UnknownProblem && job.delivery.postponed() < most {
            tracing::info!(
                reason = rejected.reason,
                postponed = job.delivery.postponed(),
                most,
                "this worker does not know the problem; the submission comes again in a while"
            );
            return Ok(Settlement::Postpone);
        }
        let rejection = self.rejection_of(job.delivery, rejected);
        if !lease.reject(&rejection).await? {
            metrics().leases_lost.inc();
            tracing::warn!("another worker has taken the submission over; this rejection does not count");
            return Ok(Settlement::Later);
        }
        self.tell(job.delivery, rejection).await
    }

    /// Judging failed: the submission is tried again until its attempts are used up; then that is the verdict.
    pub(super) async fn fail(&self, lease: Lease, job: &Job<'_>, error: &JudgeError) -> Result<Settlement, GradeError> {
        let culprit = error.culprit();
        metrics().judge_error(culprit.name());
        self.suspect_host(job, error);
        if culprit == Culprit::Storage {
            tracing::error!(
                error = error.with_remedy(),
                "problems cannot be had from their storage; the submission comes again in a while"
            );
            return Ok(self.put_off_without_problems(lease).await);
        }
        let attempt = lease.tries().unwrap_or_else(|| job.delivery.attempt());
        let most = self.settings.broker.max_attempts;
        // Tests that are wrong are so in every attempt.
        if attempt < most && !error.is_of_the_tests() {
            tracing::error!(
                error = error.with_remedy(),
                attempt,
                most,
                "an attempt at the submission failed; it comes again in a while"
            );
            lease.fail(&error.with_remedy()).await?;
            return Ok(Settlement::Retry);
        }
        // However busy or sick hosts are, a submission that breaks its boxes each time comes to an end.
        if culprit.is_the_host()
            && attempt < most.saturating_mul(MOST_HAND_BACKS)
            && let Err(found) = self.breaker.probe_within(SLOT_PATIENCE).await
        {
            tracing::error!(
                error = error.with_remedy(),
                attempt,
                %found,
                "the last attempt at the submission failed on a host of which it is not known that it can judge; it comes again in a while"
            );
            lease.fail(&error.with_remedy()).await?;
            return Ok(Settlement::Retry);
        }
        self.give_up(lease, job, error).await
    }

    /// The place of the submission is kept for a while, so that a worker that gets no problems does not go through the whole
    /// queue. What needs none is judged in other places, and in this one after the pause.
    async fn put_off_without_problems(&self, lease: Lease) -> Settlement {
        drop(lease);
        tokio::select! {
            () = sleep(self.outage.pause()) => {}
            () = self.health.stopping() => {}
        }
        Settlement::Later
    }

    /// Nothing more is taken where the host is at fault. Where it is in doubt, others are judged while it is probed.
    fn suspect_host(&self, job: &Job<'_>, error: &JudgeError) {
        // An environment that most submissions ask for is looked for when the worker fails to start its boxes ahead.
        if !error.culprit().is_the_host() || error.is_of_one_environment() {
            return;
        }
        if error.has_other_explanations() {
            self.breaker.trip_if_repeated(&job.origin(), error.with_remedy());
        } else {
            self.breaker.trip(&job.origin(), error.with_remedy());
        }
    }

    /// The verdict is a judge error, and the message becomes a dead letter.
    pub(super) async fn give_up(
        &self,
        lease: Lease,
        job: &Job<'_>,
        error: &JudgeError,
    ) -> Result<Settlement, GradeError> {
        tracing::error!(
            error = error.with_remedy(),
            "the last attempt at the submission failed; its verdict is a judge error"
        );
        let attempt = lease.tries().unwrap_or_else(|| job.delivery.attempt());
        let history = lease.history().await?;
        let verdict = self.judge.failed(job.submission, job.attempt, error);
        // No site is charged for what only this host explains.
        let cpu_ms = if error.has_other_explanations() {
            job.attempt.cpu_ms()
        } else {
            0
        };
        let lease = lease.charging(cpu_ms);
        match self.announce(lease, job.delivery, verdict).await? {
            Settlement::Ack => {}
            other => return Ok(other),
        }
        Ok(Settlement::DeadLetter(KeepReason {
            code: JUDGE_ERROR.to_owned(),
            field: None,
            reason: error.with_remedy(),
            attempt,
            history,
        }))
    }

    /// The database cannot do what this submission needs, though it answers: after the last attempt the sender gets a judge
    /// error, which is not stored. Where it does so for one submission after the other, it is not the submission that is at
    /// fault: nothing is taken for a while, and no attempt is the last.
    pub(super) async fn fail_to_grade(&self, job: &Job<'_>, error: GradeError) -> Result<Settlement, GradeError> {
        let attempt = job.delivery.attempt();
        let GradeError::Store(error) = error else {
            return Err(error);
        };
        if !error.is_of_the_data() {
            self.breaker.refused(job.submission.id, error.to_string());
        }
        if attempt < self.settings.broker.max_attempts {
            return Err(error.into());
        }
        if !error.is_of_the_data() && self.breaker.refuses_all() {
            tracing::error!(%error, attempt, "the database refuses one submission after the other; this one comes again in a while");
            return Ok(Settlement::Later);
        }
        tracing::error!(%error, attempt, "the database refused the submission at every attempt; its verdict is a judge error");
        metrics().judge_error(GradeError::from(error).culprit().name());
        let error = JudgeError::Internal("the database refused the submission; the worker's log says why".into());
        let verdict = self.judge.failed(job.submission, job.attempt, &error);
        self.tell_of_dead(job.delivery, &verdict).await?;
        Ok(Settlement::DeadLetter(KeepReason {
            code: JUDGE_ERROR.to_owned(),
            field: None,
            reason: error.to_string(),
            attempt,
            history: Vec::new(),
        }))
    }
}
