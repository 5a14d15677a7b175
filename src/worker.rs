//! The service: from a delivery to its settlement. The only place that knows every room.
//!
//! ```text
//! serve
//!  |- the broker's link task (deliveries in, everything else out)
//!  |- the sweep for boxes of workers that died, at the start and every minute
//!  |- one task per delivery in hand, at most one per slot: grade -> settle
//!  |   `- its progress messages, in order, dropped when they do not keep up
//!  `- on stop: no more deliveries, finish what is in hand or give it back, close broker, boxes, store
//! ```

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::broker::{Broker, DeadLetterReason, Delivery, PublishError, Settlement, TopologyError};
use crate::config::Settings;
use crate::contract::{self, Judgement, Progress, Rejected, SecurityEvent, Submission};
use crate::judge::{Judge, JudgeError, JudgeFailure};
use crate::problem::{ProblemStore, StoreUrlError};
use crate::sandbox::{DockerUnusable, Patience, Pool};
use crate::store::{Recorded, Store, StoreError};
use crate::telemetry;

/// Progress messages of one submission that may wait to be sent.
const PROGRESS_UNDER_WAY: usize = 64;

/// How often boxes of workers that died are looked for, at least; more often where they are to go sooner.
const SWEEPS: Duration = Duration::from_secs(60);

/// A worker that cannot work.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No boxes.
    #[error(transparent)]
    Docker(#[from] DockerUnusable),
    /// No memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No problems.
    #[error(transparent)]
    Problems(#[from] StoreUrlError),
    /// No queue.
    #[error(transparent)]
    Broker(#[from] TopologyError),
    /// The queue was taken away.
    #[error("the work queue cannot be used any more; see the lines above")]
    QueueLost,
}

/// A delivery that could not be brought to an end. It goes back to the queue.
#[derive(Debug, Error)]
enum GradeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Publish(#[from] PublishError),
}

impl GradeError {
    fn settlement(&self) -> Settlement {
        match self {
            // Not the message's fault, so no attempt is used up.
            Self::Store(_) | Self::Publish(PublishError::Closed) => Settlement::HandBack,
            Self::Publish(PublishError::Unroutable { .. } | PublishError::Json(_)) => Settlement::Retry,
        }
    }
}

/// Judges submissions until `stop`, in a slot for each list of CPUs.
///
/// # Errors
/// When Docker, the database or the broker cannot be used; one that is merely away is waited for.
pub async fn serve(settings: Settings, slots: Vec<String>, stop: CancellationToken) -> Result<(), ServeError> {
    let settings = Arc::new(settings);
    let started = tokio::select! {
        () = stop.cancelled() => return Ok(()),
        started = start(&settings, slots) => started?,
    };
    let (worker, pool, mut deliveries) = started;
    let grace = Duration::from_millis(settings.worker.shutdown_grace_ms);
    let sweeps = SWEEPS.min(Duration::from_millis(settings.sandbox.docker.sweep_after_ms.max(1000)));
    let sweeping = AbortOnDrop(tokio::spawn(sweep_for_ever(Arc::clone(&pool), sweeps)));
    let ended = worker.take_deliveries(&mut deliveries, &stop, grace).await;
    drop(sweeping);
    worker.broker.close().await;
    pool.close().await;
    worker.store.close().await;
    tracing::info!("stopped; no box is left");
    ended
}

async fn sweep_for_ever(pool: Arc<Pool>, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    loop {
        ticks.tick().await;
        match pool.sweep().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed boxes of workers that died"),
            Err(error) => tracing::warn!(%error, "boxes of workers that died may be left"),
        }
    }
}

async fn start(
    settings: &Arc<Settings>,
    slots: Vec<String>,
) -> Result<(Arc<Worker>, Arc<Pool>, mpsc::Receiver<Delivery>), ServeError> {
    let prefetch = u16::try_from(slots.len()).unwrap_or(u16::MAX);
    let pool = Arc::new(Pool::open(settings, slots, settings.sandbox.warm_boxes, Patience::Endless).await?);
    let store = Store::open(&settings.store).await?;
    let (broker, deliveries) = Broker::start(&settings.broker, &settings.worker.id, prefetch).await?;
    let problems = ProblemStore::open(&settings.problems)?;
    let judge = Judge::new(Arc::clone(settings), Arc::clone(&pool), problems);
    for language in &settings.sandbox.warm_languages {
        if let Some(expected) = judge.expected_box(language) {
            pool.expect(&expected);
        }
    }
    Ok((
        Arc::new(Worker {
            settings: Arc::clone(settings),
            broker,
            store,
            judge,
        }),
        pool,
        deliveries,
    ))
}

#[derive(Debug)]
struct Worker {
    settings: Arc<Settings>,
    broker: Broker,
    store: Store,
    judge: Judge,
}

enum Event {
    Delivery(Box<Delivery>),
    Finished,
    QueueLost,
    Stop,
}

impl Worker {
    async fn take_deliveries(
        self: &Arc<Self>,
        deliveries: &mut mpsc::Receiver<Delivery>,
        stop: &CancellationToken,
        grace: Duration,
    ) -> Result<(), ServeError> {
        let mut in_hand = JoinSet::new();
        let ended = loop {
            let event = tokio::select! {
                biased;
                () = stop.cancelled() => Event::Stop,
                Some(_) = in_hand.join_next() => Event::Finished,
                delivery = deliveries.recv() => delivery.map_or(Event::QueueLost, |delivery| Event::Delivery(Box::new(delivery))),
            };
            match event {
                Event::Delivery(delivery) => {
                    in_hand.spawn(Arc::clone(self).see_through(*delivery));
                }
                Event::Finished => {}
                Event::QueueLost => break Err(ServeError::QueueLost),
                Event::Stop => break Ok(()),
            }
        };
        self.broker.stop_consuming();
        tracing::info!(in_hand = in_hand.len(), ?grace, "stopping: finishing what is in hand");
        if timeout(grace, async { while in_hand.join_next().await.is_some() {} })
            .await
            .is_err()
        {
            tracing::warn!(
                in_hand = in_hand.len(),
                "the grace is over; the rest goes back to the queue"
            );
            in_hand.shutdown().await;
        }
        ended
    }

    /// One delivery, whatever happens to it.
    async fn see_through(self: Arc<Self>, delivery: Delivery) {
        let delivery = Arc::new(delivery);
        let grading = tokio::spawn({
            let (worker, delivery) = (Arc::clone(&self), Arc::clone(&delivery));
            async move { worker.grade(&delivery).await }.in_current_span()
        });
        let mut grading = AbortOnDrop(grading);
        let settlement = match (&mut grading.0).await {
            Ok(Ok(settlement)) => settlement,
            Ok(Err(error)) => {
                tracing::error!(%error, "a submission could not be brought to an end; it goes back to the queue");
                error.settlement()
            }
            Err(panic) => {
                tracing::error!(%panic, "judging panicked; the submission goes back to the queue");
                Settlement::Retry
            }
        };
        if let Err(error) = self.broker.settle(&delivery, settlement).await {
            tracing::error!(%error, "a message could not be settled; it will come again");
        }
    }

    /// The line: parsed, looked up, judged, stored, published.
    async fn grade(&self, delivery: &Arc<Delivery>) -> Result<Settlement, GradeError> {
        let received_at = Timestamp::now();
        let submission = match contract::parse(delivery.body(), &self.settings.submission.caps()) {
            Ok(submission) => submission,
            Err(rejected) => return self.refuse(delivery, rejected).await,
        };
        let span = tracing::info_span!("submission", submission.id = %submission.id, attempt = delivery.attempt());
        async {
            if let Some(judgement) = self.store.find(submission.id).await? {
                tracing::info!(verdict = %judgement.verdict, "judged before: the same verdict again");
                self.broker.publish_verdict(delivery, &judgement).await?;
                return Ok(Settlement::Ack);
            }
            match self.judge_with_progress(delivery, &submission, received_at).await {
                Ok(judgement) => {
                    self.announce(delivery, judgement).await?;
                    Ok(Settlement::Ack)
                }
                Err(JudgeFailure::Rejected(rejected)) => self.refuse(delivery, rejected).await,
                Err(JudgeFailure::Error(error)) => self.fail(delivery, &submission, received_at, &error).await,
            }
        }
        .instrument(span)
        .await
    }

    async fn judge_with_progress(
        &self,
        delivery: &Arc<Delivery>,
        submission: &Submission,
        received_at: Timestamp,
    ) -> Result<Judgement, JudgeFailure> {
        let (sender, mut receiver) = mpsc::channel::<Progress>(PROGRESS_UNDER_WAY);
        let publishing = async {
            while let Some(progress) = receiver.recv().await {
                self.broker.publish_progress(delivery, &progress).await;
            }
        };
        let judging = async {
            let sender = sender;
            let progress = |progress| {
                // Progress is advice; what does not fit is dropped.
                let _full = sender.try_send(progress);
            };
            self.judge.judge(submission, received_at, &progress).await
        };
        let ((), judged) = tokio::join!(publishing, judging);
        judged
    }

    /// Stores, then publishes. What was stored first is what is published.
    async fn announce(&self, delivery: &Delivery, judgement: Judgement) -> Result<(), GradeError> {
        let (judgement, is_new) = match self.store.record(&judgement).await? {
            Recorded::New => (judgement, true),
            Recorded::Already(stored) => (*stored, false),
        };
        self.broker.publish_verdict(delivery, &judgement).await?;
        tracing::info!(
            verdict = %judgement.verdict,
            tests = judgement.totals.tests,
            passed = judgement.totals.passed,
            cpu_ms = judgement.totals.cpu_ms,
            "judged"
        );
        if is_new && let Err(error) = self.report_findings(delivery, &judgement).await {
            tracing::error!(%error, "security events were lost; the findings are in the verdict");
        }
        Ok(())
    }

    /// Tells what was noticed to whoever watches for attacks.
    async fn report_findings(&self, delivery: &Delivery, judgement: &Judgement) -> Result<(), GradeError> {
        for event in SecurityEvent::of(judgement) {
            telemetry::security_event(&event);
            if self.settings.security.events {
                self.store.record_security_event(&event).await?;
                self.broker.publish_security_event(delivery, &event).await?;
            }
        }
        Ok(())
    }

    /// The message asks for something that cannot be done: its sender is told, and it is kept.
    async fn refuse(&self, delivery: &Delivery, rejected: Rejected) -> Result<Settlement, GradeError> {
        let rejected = Rejected {
            id: rejected.id.or(delivery.message_id()),
            ..rejected
        };
        tracing::info!(id = ?rejected.id, field = rejected.field, reason = rejected.reason, "rejected a message");
        let code = rejected.code.name();
        let reason = DeadLetterReason {
            code: code.to_owned(),
            field: rejected.field.clone(),
            reason: rejected.reason.clone(),
        };
        let rejection = rejected.into_rejection(&self.settings.worker.id);
        self.broker.publish_rejection(delivery, code, &rejection).await?;
        Ok(Settlement::DeadLetter(reason))
    }

    /// We failed: again, until the attempts are used up; then that is the verdict.
    async fn fail(
        &self,
        delivery: &Delivery,
        submission: &Submission,
        received_at: Timestamp,
        error: &JudgeError,
    ) -> Result<Settlement, GradeError> {
        let (attempt, most) = (delivery.attempt(), self.settings.broker.max_attempts);
        if attempt < most {
            tracing::error!(%error, attempt, most, "judge error; the submission goes back to the queue");
            return Ok(Settlement::Retry);
        }
        tracing::error!(%error, attempt, "judge error on the last attempt; the submission is given up");
        self.announce(delivery, self.judge.judge_error(submission, received_at, error))
            .await?;
        let reason = DeadLetterReason {
            code: "judge_error".to_owned(),
            field: None,
            reason: error.to_string(),
        };
        Ok(Settlement::DeadLetter(reason))
    }
}

/// A task that ends with whoever waits for it.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
