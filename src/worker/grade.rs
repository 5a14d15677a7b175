//! The line: one delivery is parsed, claimed, judged, stored and published.

use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use futures::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tracing::Instrument as _;

use crate::broker::{Delivery, Settlement};
use crate::contract::{self, Answer, Progress, Rejected, SecurityEvent, Submission};
use crate::failpoint::{self, Stage};
use crate::judge::{Attempt, JudgeError, JudgeFailure};
use crate::store::{Cancelled, Claim, Lease, Recorded};
use crate::telemetry::{self, Phase, Span, metrics};
use crate::worker::Worker;
use crate::worker::job::{GradeError, Job};

/// Progress messages of one submission that may wait to be sent.
const PROGRESS_CAPACITY: usize = 64;

impl Worker {
    /// Brings one delivery to its settlement.
    pub(super) async fn grade(&self, delivery: &Arc<Delivery>) -> Result<Settlement, GradeError> {
        let span = span_of(delivery);
        let graded = span.around(self.grade_within(delivery, &span)).await;
        match &graded {
            Ok(settlement) => span.note("settlement", settlement.name()),
            Err(_error) => span.fail("the submission could not be settled as it should be"),
        }
        graded
    }

    async fn grade_within(&self, delivery: &Arc<Delivery>, trace: &Span) -> Result<Settlement, GradeError> {
        let attempt = Attempt::now();
        failpoint::reached(Stage::Received, delivery.message_id());
        let submission = match self.parsed(delivery).await {
            Ok(submission) => submission,
            Err(rejected) => return self.refuse(delivery, None, rejected).await,
        };
        let job = Job {
            delivery,
            submission: &submission,
            attempt: &attempt,
        };
        let span = tracing::info_span!(
            "submission",
            submission.id = %submission.id,
            problem.id = job.problem(),
            attempt = delivery.attempt(),
            trace.id = trace.context().trace_id().map(display)
        );
        trace.note("submission.id", submission.id.to_string().as_str());
        trace.note("language", submission.language.as_str());
        if let Some(problem) = job.problem() {
            trace.note("problem.id", problem);
        }
        async {
            match self.grade_submission(&job, trace).await {
                Err(error) => self.fail_to_grade(&job, error).await,
                settled => settled,
            }
        }
        .instrument(span)
        .await
    }

    /// Megabytes take a while to check, in which a thread of the runtime would do nothing else.
    async fn parsed(&self, delivery: &Arc<Delivery>) -> Result<Submission, Rejected> {
        let (delivery, caps) = (Arc::clone(delivery), self.settings.submission.caps());
        parsed_apart(move || contract::parse(delivery.body(), &caps)).await
    }

    async fn grade_submission(&self, job: &Job<'_>, trace: &Span) -> Result<Settlement, GradeError> {
        match self.store.claim(&job.wanted(), &self.settings.worker.id).await? {
            Claim::Judged(answer) => self.answer_again(job, *answer).await,
            Claim::Held { worker } => {
                tracing::info!(
                    worker,
                    "another worker is judging the submission; it comes again in a while"
                );
                Ok(Settlement::Later)
            }
            Claim::Conflict => {
                let rejected = Rejected::id_conflict(job.submission.id);
                self.refuse(job.delivery, Some(job.submission.fingerprint()), rejected)
                    .await
            }
            Claim::Ours(lease) => {
                if lease.is_first() {
                    self.count_first(job, trace);
                }
                self.grade_under(lease.keeping_for(job.keep()), job).await
            }
        }
    }

    /// Counts the wait of a submission that has a lease for the first time. Its message may have been delivered before: to a
    /// worker that gave it back before it had a slot, or died before it had the lease.
    fn count_first(&self, job: &Job<'_>, trace: &Span) {
        let delivery = job.delivery;
        let Some(sent_at) = delivery.sent_at() else { return };
        self.count_wait(delivery, sent_at, job.attempt.received_at());
        if delivery.first_sent_at().is_none() {
            record_wait(trace, sent_at);
        }
    }

    /// Judges as long as no other worker has taken over.
    async fn grade_under(&self, lease: Lease, job: &Job<'_>) -> Result<Settlement, GradeError> {
        failpoint::reached(Stage::Claimed, job.delivery.message_id());
        if let Some(lost) = self.lost_too_often(&lease) {
            return self.give_up(lease, job, &lost).await;
        }
        let judged = tokio::select! {
            biased;
            () = lease.lost() => {
                metrics().leases_lost.inc();
                tracing::warn!("another worker has taken the submission over; this attempt ends");
                return Ok(Settlement::Later);
            }
            cancelled = self.cancelled(&lease, job.submission) => {
                Ok(self.judge.cancelled(job.submission, job.attempt, cancelled.reason))
            }
            judged = caught(Box::pin(self.judge_with_progress(job, lease.number()))) => {
                if judged.is_ok() {
                    self.breaker.reset();
                    if job.problem().is_some() {
                        self.outage.end();
                    }
                }
                judged
            }
        };
        match judged {
            Ok(answer) => {
                let lease = lease.charging(job.attempt.cpu_ms());
                self.announce(lease, job.delivery, answer).await
            }
            Err(JudgeFailure::Rejected(rejected)) => self.refuse_under(lease, job, rejected).await,
            Err(JudgeFailure::Error(error)) => self.fail(lease, job, &error).await,
        }
    }

    /// Returns when the submission is not to be judged any more.
    async fn cancelled(&self, lease: &Lease, submission: &Submission) -> Cancelled {
        tokio::select! {
            biased;
            cancelled = lease.cancelled() => cancelled,
            cancelled = self.cancellations.of(submission.request()) => cancelled,
        }
    }

    /// What kills its worker each time never fails by itself: the attempts before this one speak for it.
    fn lost_too_often(&self, lease: &Lease) -> Option<JudgeError> {
        let workers = lease.workers_lost();
        (workers >= self.settings.broker.max_lost_workers).then_some(JudgeError::WorkersLost { workers })
    }

    async fn judge_with_progress(&self, job: &Job<'_>, attempt: Option<u32>) -> Result<Answer, JudgeFailure> {
        let (sender, mut receiver) = mpsc::channel::<Progress>(PROGRESS_CAPACITY);
        let rejudge = job.submission.rejudge;
        let publishing = async {
            while let Some(progress) = receiver.recv().await {
                self.broker.publish_progress(job.delivery, &progress).await;
            }
        };
        let judging = async {
            let sender = sender;
            let progress = |progress: Progress| {
                if progress.finished > 0 {
                    failpoint::reached(Stage::MidRun, job.delivery.message_id());
                }
                // Progress is advice; what does not fit is dropped.
                let _full = sender.try_send(progress.of_attempt(attempt, rejudge));
            };
            if attempt.is_some_and(|number| number > 1) {
                progress(Progress::of_stage(
                    job.submission.id,
                    self.judge.first_stage(&job.submission.language),
                ));
            }
            let with_tests = match job.submission.test_set() {
                Some(hash) => Some(self.test_sets.give(job.submission, hash).await?),
                None => None,
            };
            let submission = with_tests.as_ref().unwrap_or(job.submission);
            self.judge.answer(submission, job.attempt, &progress).await
        };
        let ((), judged) = tokio::join!(publishing, judging);
        judged
    }

    /// Stores, then publishes. What was stored first is what is published.
    pub(super) async fn announce(
        &self,
        mut lease: Lease,
        delivery: &Delivery,
        answer: Answer,
    ) -> Result<Settlement, GradeError> {
        let answer = answer.of_attempt(lease.number());
        let answer = answer.within(self.settings.broker.max_verdict_bytes);
        let findings = SecurityEvent::all_of(&answer);
        let kept: &[SecurityEvent] = if self.settings.security.events { &findings } else { &[] };
        failpoint::reached(Stage::Judged, delivery.message_id());
        telemetry::note("verdict", answer.code());
        let recording = lease.record(&answer, kept);
        let (answer, is_new) = match metrics().timed(Phase::Store, recording).await? {
            Recorded::New => (answer, true),
            Recorded::Already(stored) => (*stored, false),
            Recorded::Superseded => {
                metrics().leases_lost.inc();
                tracing::warn!("another worker has taken the submission over; this verdict does not count");
                return Ok(Settlement::Later);
            }
        };
        self.breaker.stored();
        failpoint::reached(Stage::Stored, delivery.message_id());
        if is_new {
            metrics().verdict(&answer);
        }
        metrics()
            .timed(Phase::Publish, self.tell_stored(delivery, &answer))
            .await?;
        failpoint::reached(Stage::Published, delivery.message_id());
        self.published(&answer, lease.keep()).await;
        log_verdict(&answer);
        if is_new {
            metrics().answered_after(seconds_since(answer.received_at()));
            self.report_findings(delivery, &findings).await;
        }
        Ok(Settlement::Ack)
    }

    /// Logs and publishes what was noticed about attacks. The verdict is out, so a failure here does not repeat it.
    async fn report_findings(&self, delivery: &Delivery, findings: &[SecurityEvent]) {
        for event in findings {
            telemetry::security_event(event);
            if self.settings.security.events
                && let Err(error) = self.broker.publish_security_event(delivery, event).await
            {
                tracing::error!(%error, event.id = %event.id, "a security event was not published; the verdict has it");
            }
        }
    }
}

/// A message that cannot be read without a panic is rejected: it would be one at every attempt, and what is rejected is
/// stored, so that no client waits for it. The log has the panic.
async fn parsed_apart(
    parse: impl FnOnce() -> Result<Submission, Rejected> + Send + 'static,
) -> Result<Submission, Rejected> {
    match spawn_blocking(parse).await {
        Ok(parsed) => parsed,
        Err(ended) if ended.is_panic() => Err(Rejected::unreadable()),
        // The worker ends at this moment, and its message comes again.
        Err(_cancelled) => pending().await,
    }
}

/// A judge that panics has failed, as it does for any other fault of ours. Its future is too large to be moved about on a stack.
async fn caught<T>(judging: Pin<Box<impl Future<Output = Result<T, JudgeFailure>>>>) -> Result<T, JudgeFailure> {
    let judged = AssertUnwindSafe(judging).catch_unwind().await;
    judged.unwrap_or_else(|_panic| {
        let error = JudgeError::Internal("the judge panicked; the worker's log says where".into());
        Err(error.into())
    })
}

/// The span of a delivery, from when it came, with the time before as a step of it.
fn span_of(delivery: &Delivery) -> Span {
    let span = Span::of_message("judge submission", &delivery.trace());
    span.note("messaging.system", "rabbitmq");
    span.note("messaging.destination.name", delivery.queue());
    span.note("attempt", delivery.attempt());
    span.note("redelivered", delivery.redelivered());
    if let Some(sent_at) = delivery.first_sent_at() {
        record_wait(&span, sent_at);
    }
    span
}

fn record_wait(span: &Span, sent_at: u64) {
    if let Some(sent_at) = UNIX_EPOCH.checked_add(Duration::from_secs(sent_at)) {
        span.record_step("queue", sent_at);
    }
}

fn log_verdict(answer: &Answer) {
    let rows = answer.rows();
    tracing::info!(
        verdict = answer.code(),
        problem.id = answer.problem().map(|problem| problem.id.as_str()),
        tests = rows.len(),
        passed = rows.iter().filter(|row| matches!(row.code, "AC" | "OK")).count(),
        cpu_ms = answer.cpu_ms(),
        "the submission was judged"
    );
}

/// A clock that was set back meanwhile counts as no time.
fn seconds_since(then: Timestamp) -> f64 {
    Timestamp::now().duration_since(then).as_secs_f64().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_at_which_reading_panics_is_rejected() {
        let parsed = parsed_apart(|| panic!("on purpose")).await;
        assert_eq!(parsed.unwrap_err(), Rejected::unreadable());
    }

    #[tokio::test]
    async fn a_judge_that_panics_has_failed() {
        let judging = async { panic!("on purpose") };
        let judged: Result<(), JudgeFailure> = caught(Box::pin(judging)).await;
        assert!(matches!(judged, Err(JudgeFailure::Error(JudgeError::Internal(_)))));
        assert!(caught(Box::pin(async { Ok(1) })).await.is_ok_and(|judged| judged == 1));
    }
}
