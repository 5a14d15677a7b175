//! The service: from a delivery to its settlement. The only module that uses every other one.
//!
//! ```text
//! serve
//!  |- health and metrics over HTTP, first of all, until the end
//!  |- the broker's link task (deliveries in, everything else out)
//!  |- the sweep for boxes of workers that died, at the start and every minute
//!  |- every hour, what the settings do not keep any longer is removed from the database
//!  |- control messages: which submissions are not to be judged
//!  |- what it says of itself to the database, for `assize status`
//!  |- at the start: what is too much in the caches on disk is removed
//!  |- the watch over the host's health: no deliveries are taken while it cannot judge
//!  |- one task per delivery in hand, at most one per slot: grade -> settle
//!  |   |- the task that renews its lease
//!  |   `- its progress messages, in order, dropped when they do not keep up
//!  `- on stop: no more deliveries, finish what is in hand or give it back, close broker, boxes, store
//! ```

mod answering;
mod cancellations;
mod deliveries;
mod failing;
mod grade;
mod health;
mod host_health;
mod job;
mod outage;
mod probe;
mod reporting;
mod retention;
mod settings;
mod start;
mod test_sets;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use crate::broker::{Broker, ControlMessage, Delivery, KeepReason, Settlement, TopologyError};
use crate::config::Settings;
use crate::failpoint::{self, Stage};
use crate::health::{HttpService, ListenError};
use crate::judge::{Culprit, Judge};
use crate::problem::{ProblemDirectoryError, StoreUrlError};
use crate::sandbox::{Backend, BackendError, ClaimedCpus, Pool, open_backend};
use crate::store::{Store, StoreError};
use crate::telemetry::{WaitedIn, metrics};
use cancellations::{Cancellations, consume};
use health::Health;
use host_health::CircuitBreaker;
pub use host_health::HostHealth;
use job::Tried;
use outage::Outage;
use reporting::report_until;
use retention::purge_for_ever;
use settings::{GradeSettings, HealthSettings};
use start::start;
use test_sets::TestSets;

/// A worker that cannot work.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No box can be made.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address of the problem storage is wrong.
    #[error(transparent)]
    Problems(#[from] StoreUrlError),
    /// There is no directory of problems.
    #[error(transparent)]
    ProblemDirectory(#[from] ProblemDirectoryError),
    /// The address of health and metrics cannot be used.
    #[error(transparent)]
    Http(#[from] ListenError),
    /// The queues cannot be used.
    #[error(transparent)]
    Broker(#[from] TopologyError),
    /// The queue was taken away.
    #[error("the work queue cannot be used any more; see the lines above")]
    QueueLost,
}

/// How long closing may take after the second signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// When a worker stops.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// No more submissions; those in hand are finished.
    pub soon: CancellationToken,
    /// Those in hand are given back.
    pub at_once: CancellationToken,
}

/// Judges submissions until `stop`, in slots on these CPUs.
///
/// # Errors
/// When the sandbox, the database or the broker cannot be used; one that is merely away is waited for.
pub async fn serve(settings: Settings, cpus: ClaimedCpus, stop: Stop) -> Result<(), ServeError> {
    let backend = open_backend(&settings.sandbox, &settings.worker.id)?.into();
    serve_with(backend, settings, cpus, stop).await
}

/// The same in boxes of this backend, whatever the settings name: for programs that have one of their own.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    backend: Arc<dyn Backend>,
    settings: Settings,
    cpus: ClaimedCpus,
    stop: Stop,
) -> Result<(), ServeError> {
    let slots = cpus.shares.slots.clone();
    let health = Arc::new(Health::new(HealthSettings::from(&settings), cpus, &stop));
    let _http = HttpService::start(("http.listen", &settings.http), Arc::<Health>::clone(&health)).await?;
    let started = tokio::select! {
        () = stop.soon.cancelled() => return Ok(()),
        started = start(backend, &settings, slots, &health) => started?,
    };
    let (worker, pool, mut incoming) = started;
    let background = worker.in_background(&pool, incoming.control);
    let gone = CancellationToken::new();
    let reporting = tokio::spawn(report_until(gone.clone(), worker.store.clone(), health));
    let ended = worker.take_deliveries(&mut incoming.deliveries, &stop).await;
    drop(background);
    let leaving = async {
        worker.broker.close().await;
        pool.close().await;
        gone.cancel();
        if let Err(error) = reporting.await {
            tracing::error!(%error, "the task that reports this worker failed");
        }
        worker.store.close().await;
    };
    let overdue = async {
        stop.at_once.cancelled().await;
        sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        () = leaving => tracing::info!("the worker has stopped; no box is left"),
        () = overdue => tracing::warn!("the worker has stopped; boxes that are left are removed by the next worker"),
    }
    ended
}

struct Worker {
    settings: GradeSettings,
    health: Arc<Health>,
    broker: Broker,
    store: Store,
    judge: Judge,
    test_sets: TestSets,
    cancellations: Arc<Cancellations>,
    breaker: Arc<CircuitBreaker>,
    /// Of the place that problems come from.
    outage: Outage,
}

impl Worker {
    /// What runs beside the deliveries, and ends with them.
    fn in_background(
        self: &Arc<Self>,
        pool: &Arc<Pool>,
        control: tokio::sync::mpsc::Receiver<ControlMessage>,
    ) -> [AbortOnDropHandle<()>; 5] {
        let consuming = consume(Arc::clone(&self.cancellations), self.store.clone(), control);
        let (breaker, trouble) = (Arc::clone(&self.breaker), pool.warming_failures());
        let watching = async move { breaker.run(trouble).await };
        let purging = purge_for_ever(self.store.clone(), self.settings.store.clone());
        let (swept, breaker) = (Arc::clone(pool), Arc::clone(&self.breaker));
        let sweeping = async move { swept.sweep_regularly(|| breaker.report()).await };
        let worker = Arc::clone(self);
        let making_room = async move { worker.judge.make_room().await };
        [
            tokio::spawn(consuming),
            tokio::spawn(watching),
            tokio::spawn(sweeping),
            tokio::spawn(purging),
            tokio::spawn(making_room),
        ]
        .map(AbortOnDropHandle::new)
    }

    async fn settle(&self, delivery: &Delivery, settlement: Settlement) {
        let kept = matches!(settlement, Settlement::DeadLetter(_));
        match self.broker.settle(delivery, settlement).await {
            Ok(()) if kept => {
                metrics().messages.dead_letters.inc();
            }
            Ok(()) => {}
            Err(error) => {
                tracing::error!(submission.id = delivery.message_id().map(display), %error, "a message cannot be settled; RabbitMQ delivers it again")
            }
        }
    }

    /// Brings one delivery to its settlement, also when judging panics.
    async fn process(self: Arc<Self>, delivery: Delivery) {
        let _in_hand = InHand::count(&delivery);
        // With a database it is counted once it has its first lease.
        if !self.settings.store.enabled
            && let Some(sent_at) = delivery.first_sent_at()
        {
            self.count_wait(&delivery, sent_at, Timestamp::now());
        }
        let delivery = Arc::new(delivery);
        let grading = tokio::spawn({
            let (worker, delivery) = (Arc::clone(&self), Arc::clone(&delivery));
            async move { worker.grade(&delivery).await }.in_current_span()
        });
        let settlement = match AbortOnDropHandle::new(grading).await {
            Ok(Ok(settlement)) => settlement,
            Ok(Err(error)) => {
                tracing::error!(submission.id = delivery.message_id().map(display), %error, "a submission could not be settled as it should be");
                metrics().judge_error(error.culprit().name());
                error.settlement(&Tried {
                    is_stored: self.settings.store.enabled,
                    attempt: delivery.attempt(),
                    most: self.settings.broker.max_attempts,
                    refused: delivery.refused(),
                })
            }
            Err(panic) => {
                metrics().judge_error(Culprit::Judge.name());
                tracing::error!(submission.id = delivery.message_id().map(display), %panic, "the judge panicked");
                self.settlement_of_a_panic(delivery.attempt())
            }
        };
        self.settle(&delivery, settlement).await;
        failpoint::reached(Stage::Acked, delivery.message_id());
    }
}

impl Worker {
    /// A slot has taken a submission for the first time.
    fn count_wait(&self, delivery: &Delivery, sent_at: u64, taken_at: Timestamp) {
        let queue = if delivery.waited_in(&self.settings.broker.bulk_queue) {
            WaitedIn::Bulk
        } else {
            WaitedIn::Work
        };
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970")]
        let waited = taken_at.as_millisecond() as f64 / 1e3 - sent_at as f64;
        metrics().waited(queue, waited);
        if matches!(queue, WaitedIn::Work) {
            self.health.note_wait(waited);
        }
    }

    /// A submission at which the judge panics at every attempt is given up.
    fn settlement_of_a_panic(&self, attempt: u64) -> Settlement {
        if attempt < self.settings.broker.max_attempts {
            return Settlement::Retry;
        }
        Settlement::DeadLetter(KeepReason {
            code: failing::JUDGE_ERROR.to_owned(),
            field: None,
            reason: "the judge panicked at every attempt; the worker's log says where".to_owned(),
            attempt,
            history: Vec::new(),
        })
    }
}

/// A delivery that is counted as long as it is in hand.
struct InHand;

impl InHand {
    fn count(delivery: &Delivery) -> Self {
        metrics().messages.deliveries.inc();
        if delivery.redelivered() {
            metrics().messages.redeliveries.inc();
        }
        metrics().in_hand.inc();
        Self
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        metrics().in_hand.dec();
    }
}
