//! The service: from a delivery to its settlement. The only place that knows every room.
//!
//! ```text
//! serve
//!  |- health and metrics over HTTP, first of all, until the end
//!  |- the broker's link task (deliveries in, everything else out)
//!  |- the sweep for boxes of workers that died, at the start and every minute
//!  |- control messages: which submissions are not to be judged
//!  |- the watch over the host's fitness: no deliveries are taken while it cannot judge
//!  |- one task per delivery in hand, at most one per slot: grade -> settle
//!  |   |- the heart of its lease
//!  |   `- its progress messages, in order, dropped when they do not keep up
//!  `- on stop: no more deliveries, finish what is in hand or give it back, close broker, boxes, store
//! ```

mod cancellations;
mod fitness;
mod grade;
mod health;
mod probe;

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::broker::{Broker, Delivery, Incoming, Settlement, TopologyError};
use crate::config::Settings;
#[cfg(feature = "failpoints")]
use crate::failpoint::{self, Stage};
use crate::health::{BEAT, HttpService, ListenError};
use crate::judge::Judge;
use crate::problem::{ProblemStore, StoreUrlError};
use crate::sandbox::{Backend, BackendError, Pool, PoolPlan, open_backend, wait_until_usable};
use crate::store::{Store, StoreError};
use crate::telemetry::{Culprit, metrics};
use cancellations::{Cancellations, heed};
pub use fitness::Fitness;
use fitness::FitnessKeeper;
use health::Health;
use probe::Probe;

/// How often boxes of workers that died are looked for, at least; more often where they are to go sooner.
const SWEEPS: Duration = Duration::from_secs(60);

/// A worker that cannot work.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No boxes.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// No memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No problems.
    #[error(transparent)]
    Problems(#[from] StoreUrlError),
    /// No place to tell how it is.
    #[error(transparent)]
    Http(#[from] ListenError),
    /// No queue.
    #[error(transparent)]
    Broker(#[from] TopologyError),
    /// The queue was taken away.
    #[error("the work queue cannot be used any more; see the lines above")]
    QueueLost,
}

/// How long saying good-bye may take once nobody wants to wait.
const GOODBYES_TAKE_AT_MOST: Duration = Duration::from_secs(10);

/// When a worker stops.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// No more submissions; those in hand are finished.
    pub soon: CancellationToken,
    /// Those in hand are given back.
    pub at_once: CancellationToken,
}

/// Judges submissions until `stop`, in a slot for each list of CPUs.
///
/// # Errors
/// When Docker, the database or the broker cannot be used; one that is merely away is waited for.
pub async fn serve(settings: Settings, slots: Vec<String>, stop: Stop) -> Result<(), ServeError> {
    let settings = Arc::new(settings);
    let health = Arc::new(Health::new(&settings, slots.len(), &stop));
    let _http = HttpService::start(&settings.http, Arc::<Health>::clone(&health)).await?;
    let started = tokio::select! {
        () = stop.soon.cancelled() => return Ok(()),
        started = start(&settings, slots, &health) => started?,
    };
    let (worker, pool, mut incoming) = started;
    let grace = Duration::from_millis(settings.worker.shutdown_grace_ms);
    let sweeps = SWEEPS.min(Duration::from_millis(settings.sandbox.docker.sweep_after_ms.max(1000)));
    let heeding = heed(
        Arc::clone(&worker.cancellations),
        worker.store.clone(),
        incoming.control,
    );
    let heeding = AbortOnDrop(tokio::spawn(heeding));
    let fitness = Arc::clone(&worker.fitness);
    let watching = AbortOnDrop(tokio::spawn({
        let (fitness, trouble) = (Arc::clone(&fitness), pool.warming_failures());
        async move { fitness.keep(trouble).await }
    }));
    let sweeping = AbortOnDrop(tokio::spawn(sweep_for_ever(Arc::clone(&pool), fitness, sweeps)));
    let ended = worker.take_deliveries(&mut incoming.deliveries, &stop, grace).await;
    drop((sweeping, watching, heeding));
    let leaving = async {
        worker.broker.close().await;
        pool.close().await;
        worker.store.close().await;
    };
    let overdue = async {
        stop.at_once.cancelled().await;
        sleep(GOODBYES_TAKE_AT_MOST).await;
    };
    tokio::select! {
        () = leaving => tracing::info!("stopped; no box is left"),
        () = overdue => tracing::warn!("stopped; what is left is found by the next worker"),
    }
    ended
}

async fn sweep_for_ever(pool: Arc<Pool>, fitness: Arc<FitnessKeeper>, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    let mut failed = false;
    loop {
        ticks.tick().await;
        let swept = pool.sweep().await;
        let failed_before = std::mem::replace(&mut failed, swept.is_err());
        match swept {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed boxes of workers that died"),
            Err(error) => {
                fitness.suspect();
                if !failed_before {
                    tracing::warn!(%error, "boxes of workers that died may be left");
                }
            }
        }
    }
}

async fn start(
    settings: &Arc<Settings>,
    slots: Vec<String>,
    health: &Arc<Health>,
) -> Result<(Arc<Worker>, Arc<Pool>, Incoming), ServeError> {
    let prefetch = u16::try_from(slots.len()).unwrap_or(u16::MAX);
    let backend: Arc<dyn Backend> = open_backend(&settings.sandbox, &settings.worker.id)?.into();
    let backend = health.backend.get_or_init(|| backend);
    wait_until_usable(backend.as_ref()).await?;
    let plan = PoolPlan::new(&settings.sandbox, slots, settings.sandbox.warm_boxes);
    let pool = Arc::new(Pool::new(Arc::clone(backend), &plan));
    let pool = Arc::clone(health.pool.get_or_init(|| pool));
    let store = Store::open(&settings.store).await?;
    let store = health.store.get_or_init(|| store).clone();
    let keeps = settings.store.enabled;
    let (broker, incoming) = Broker::start(&settings.broker, &settings.worker.id, prefetch, keeps).await?;
    let broker = health.broker.get_or_init(|| broker).clone();
    let problems = ProblemStore::open(&settings.problems)?;
    let judge = Judge::new(Arc::clone(settings), Arc::clone(&pool), problems);
    for language in &settings.sandbox.warm_languages {
        if let Some(expected) = judge.expected_box(language) {
            pool.expect(&expected);
        }
    }
    let fitness = Arc::new(FitnessKeeper::new(Probe::new(settings, Arc::clone(&pool), &judge)));
    health.fitness.get_or_init(|| fitness.subscribe());
    Ok((
        Arc::new(Worker {
            settings: Arc::clone(settings),
            health: Arc::clone(health),
            broker,
            store,
            judge,
            cancellations: Arc::new(Cancellations::new()),
            fitness,
        }),
        pool,
        incoming,
    ))
}

struct Worker {
    settings: Arc<Settings>,
    health: Arc<Health>,
    broker: Broker,
    store: Store,
    judge: Judge,
    cancellations: Arc<Cancellations>,
    fitness: Arc<FitnessKeeper>,
}

enum Event {
    Delivery(Box<Delivery>),
    Fitness,
    Finished,
    QueueLost,
    Beat,
    Stop,
}

impl Worker {
    async fn take_deliveries(
        self: &Arc<Self>,
        deliveries: &mut tokio::sync::mpsc::Receiver<Delivery>,
        stop: &Stop,
        grace: Duration,
    ) -> Result<(), ServeError> {
        let mut in_hand = JoinSet::new();
        let mut beats = tokio::time::interval(BEAT);
        let mut fitness = self.fitness.subscribe();
        let ended = loop {
            self.health.pulse.beat();
            let event = tokio::select! {
                biased;
                () = stop.soon.cancelled() => Event::Stop,
                Some(_) = in_hand.join_next() => Event::Finished,
                Ok(()) = fitness.changed() => Event::Fitness,
                delivery = deliveries.recv() => delivery.map_or(Event::QueueLost, |delivery| Event::Delivery(Box::new(delivery))),
                _ = beats.tick() => Event::Beat,
            };
            match event {
                Event::Delivery(delivery) if fitness.borrow().is_fit() => {
                    in_hand.spawn(Arc::clone(self).see_through(*delivery));
                }
                // It was under way when consuming was paused.
                Event::Delivery(delivery) => self.settle(&delivery, Settlement::HandBack).await,
                Event::Finished | Event::Beat => {}
                Event::Fitness if fitness.borrow().is_fit() => self.broker.resume_consuming(),
                Event::Fitness => self.broker.pause_consuming(),
                Event::QueueLost => break Err(ServeError::QueueLost),
                Event::Stop => break Ok(()),
            }
        };
        self.health.pulse.rest();
        self.broker.stop_consuming();
        tracing::info!(in_hand = in_hand.len(), ?grace, "stopping: finishing what is in hand");
        let over = tokio::select! {
            () = async { while in_hand.join_next().await.is_some() {} } => return ended,
            () = stop.at_once.cancelled() => "a second signal came",
            () = sleep(grace) => "the grace is over",
        };
        tracing::warn!(in_hand = in_hand.len(), "{over}; the rest goes back to the queue");
        in_hand.shutdown().await;
        ended
    }

    async fn settle(&self, delivery: &Delivery, settlement: Settlement) {
        let kept = matches!(settlement, Settlement::DeadLetter(_));
        match self.broker.settle(delivery, settlement).await {
            Ok(()) if kept => {
                metrics().dead_letters.inc();
            }
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "a message could not be settled; it will come again"),
        }
    }

    /// One delivery, whatever happens to it.
    async fn see_through(self: Arc<Self>, delivery: Delivery) {
        let _in_hand = InHand::count(&delivery);
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
                metrics().judge_error(error.culprit());
                error.settlement(self.settings.store.enabled)
            }
            Err(panic) => {
                metrics().judge_error(Culprit::Judge);
                tracing::error!(%panic, "judging panicked; the submission goes back to the queue");
                Settlement::Retry
            }
        };
        self.settle(&delivery, settlement).await;
        #[cfg(feature = "failpoints")]
        failpoint::reached(Stage::Acked, delivery.message_id());
    }
}

/// A delivery that is counted as long as it is in hand.
struct InHand;

impl InHand {
    fn count(delivery: &Delivery) -> Self {
        metrics().deliveries.inc();
        if delivery.redelivered() {
            metrics().redeliveries.inc();
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

/// A task that ends with whoever waits for it.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
