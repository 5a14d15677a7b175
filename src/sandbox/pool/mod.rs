//! Boxes that are started before they are needed, and the slots that they are for.
//!
//! ```text
//! Pool
//!  |- slot:  a slot for one submission, with CPUs of its own           (waits while all are busy)
//!  |- lease: a warm box of the right kind, resized; else one on demand
//!  `- warmer, one per slot: keeps the kinds that are in use warm       (a task each, end with the pool)
//! ```
//!
//! A warm box holds a runner that has said hello, and a zygote that has started, and nothing of any submission. It gets
//! its exact limits when it is leased, serves one submission and is destroyed; nothing ever comes back. When there is
//! none, a box is made on demand: slower, never wrong.

mod failures;
mod replacing;
mod slots;
mod starter;
mod warm;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::SandboxSettings;
use crate::sandbox::{
    Backend, BackendError, BackendFacts, BoxError, BoxSpec, BoxedError, LaunchError, Session, SessionTimeouts,
    SweepError, open_backend,
};
use failures::WarmingFailures;
use replacing::Replacing;
pub use slots::Slot;
use slots::Slots;
use starter::Starter;
use warm::{WarmBox, WarmBoxes};

/// How often boxes are looked for that are no longer worth their memory.
const TRIM_EVERY: Duration = Duration::from_secs(20);

/// A box that could not be leased.
#[derive(Debug, Error)]
pub enum LeaseError {
    /// It could not be made.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// It was made, and lost.
    #[error(transparent)]
    Box(#[from] BoxError),
}

impl LeaseError {
    /// Whether it can be made when other boxes have ended.
    pub(crate) fn is_for_lack_of_room(&self) -> bool {
        matches!(self, Self::Launch(LaunchError::NoRoom { .. }))
    }
}

/// What a pool is made of.
#[derive(Debug, Clone)]
pub struct PoolPlan {
    /// CPUs of each slot, as in `cpuset(7)`; empty: any.
    pub slots: Vec<String>,
    /// Boxes that are kept warm for each slot, at most.
    pub warm_boxes: usize,
    /// How long a new box may take to answer.
    pub timeouts: SessionTimeouts,
}

impl PoolPlan {
    /// As the settings say, with a slot for each list of CPUs (see [`crate::sandbox::share_out`]).
    pub fn new(settings: &SandboxSettings, slots: Vec<String>, warm_boxes: usize) -> Self {
        Self {
            slots,
            warm_boxes,
            timeouts: SessionTimeouts {
                hello: Duration::from_millis(settings.launch_timeout_ms),
                answer: Duration::from_millis(settings.answer_timeout_ms),
            },
        }
    }
}

/// Slots, and a backend whose boxes are started ahead.
#[derive(Debug)]
pub struct Pool {
    backend: Arc<dyn Backend>,
    starter: Arc<Starter>,
    slots: Slots,
    warm: Arc<WarmBoxes>,
    warmers: Mutex<Vec<JoinHandle<()>>>,
    failures: Arc<watch::Sender<Option<String>>>,
    closing: CancellationToken,
}

impl Pool {
    /// A pool on the backend of the settings, which must be usable now. `worker` is the name that its boxes carry.
    ///
    /// # Errors
    /// When the backend cannot be used.
    pub async fn open(
        settings: &SandboxSettings,
        worker: &str,
        slots: Vec<String>,
        warm_boxes: usize,
    ) -> Result<Self, BackendError> {
        let backend = open_backend(settings, worker)?;
        backend.connect().await?;
        Ok(Self::new(backend.into(), &PoolPlan::new(settings, slots, warm_boxes)))
    }

    /// Starts the tasks that warm boxes; none is made before it is known which are needed.
    pub fn new(backend: Arc<dyn Backend>, plan: &PoolPlan) -> Self {
        let warm = Arc::new(WarmBoxes::new(
            plan.slots.len(),
            plan.warm_boxes,
            backend.facts().resizes,
        ));
        let starter = Arc::new(Starter::new(Arc::clone(&backend), plan.timeouts));
        let closing = CancellationToken::new();
        let failures = Arc::new(watch::Sender::new(None));
        let warmers = match plan.warm_boxes {
            0 => 0..0,
            _ => 0..plan.slots.len(),
        };
        let slots = Slots::new(&plan.slots);
        let warmers = warmers.map(|slot| {
            let warmer = Warmer {
                slot,
                starter: Arc::clone(&starter),
                failures: WarmingFailures::of(slot, Arc::clone(&failures)),
                replacing: Replacing {
                    in_use: slots.in_use(slot),
                    missed: warm.missed(slot),
                },
                warm: Arc::clone(&warm),
                closing: closing.clone(),
            };
            tokio::spawn(warmer.keep_warm())
        });
        Self {
            starter: Arc::clone(&starter),
            warmers: Mutex::new(warmers.collect()),
            slots,
            backend,
            warm,
            failures,
            closing,
        }
    }

    /// What holds for all its boxes.
    pub fn facts(&self) -> BackendFacts {
        self.backend.facts()
    }

    /// Boxes that could be leased now.
    pub fn ready(&self) -> usize {
        self.warm.ready()
    }

    /// How the latest start of a box went; `None` before the first one.
    pub fn latest_start(&self) -> Option<Result<(), String>> {
        self.starter.latest()
    }

    /// Says that boxes like this one will be asked for, in every slot.
    pub fn expect(&self, spec: &BoxSpec) {
        for placement in self.slots.placements() {
            self.warm.expect(&spec.clone().at(placement));
        }
    }

    /// A slot for one submission, as soon as one is free.
    pub async fn slot(&self) -> Slot {
        self.slots.take().await
    }

    /// A free slot.
    pub fn idle_slot(&self) -> Option<Slot> {
        self.slots.take_idle()
    }

    /// A box in a slot, with the limits of `spec`. Where there is no room, the end of other boxes is waited for.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn lease(&self, slot: &Slot, spec: &BoxSpec) -> Result<Session, LeaseError> {
        let spec = spec.clone().at(slot.placement());
        match self.take_warm(&spec).await {
            Some(session) => Ok(session),
            None => self.start(&spec).await,
        }
    }

    /// The same for who holds another box. Two who wait for each other's boxes would never get them, so the end of others is
    /// waited for a moment only: who gets none gives up the other one, too, before asking again.
    ///
    /// # Errors
    /// When it cannot be made, or there is no room.
    pub async fn lease_beside_another(&self, slot: &Slot, spec: &BoxSpec) -> Result<Session, LeaseError> {
        let spec = spec.clone().at(slot.placement());
        match self.take_warm(&spec).await {
            Some(session) => Ok(session),
            None => {
                let making_room = self.room_maker(&spec);
                self.starter.start_beside_another(&spec, making_room).await
            }
        }
    }

    /// How long the end of other boxes is waited for by who holds none.
    pub(crate) fn patience(&self) -> Duration {
        self.starter.patience()
    }

    async fn take_warm(&self, spec: &BoxSpec) -> Option<Session> {
        let WarmBox {
            mut session,
            needs_resize,
        } = self.warm.take(spec)?;
        if !needs_resize {
            return Some(session);
        }
        match session.resize(spec).await {
            Ok(()) => Some(session),
            Err(error) => {
                tracing::warn!(box.id = session.id(), %error, "a warm box cannot be resized; another one is started");
                None
            }
        }
    }

    /// A box in a slot that was not started ahead, whatever is ready: it shows that boxes can be made now.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn fresh(&self, slot: &Slot, spec: &BoxSpec) -> Result<Session, LeaseError> {
        self.start(&spec.clone().at(slot.placement())).await
    }

    async fn start(&self, spec: &BoxSpec) -> Result<Session, LeaseError> {
        self.starter.start_when_there_is_room(spec, self.room_maker(spec)).await
    }

    /// Where there is no room for a box, those that are warm in its slot make room, and if that is not enough those of all
    /// slots; none is warmed there meanwhile.
    fn room_maker(&self, spec: &BoxSpec) -> impl FnMut() {
        let mut rooms = Vec::new();
        let slot = spec.placement.slot;
        move || {
            let slots = if rooms.is_empty() {
                slot..slot + 1
            } else {
                0..self.warm.slots()
            };
            rooms = slots.map(|slot| self.warm.make_room(slot)).collect();
        }
    }

    /// Changes whenever a box could not be started ahead, to the reason.
    pub fn warming_failures(&self) -> watch::Receiver<Option<String>> {
        self.failures.subscribe()
    }

    /// Removes what workers that died have left behind; gives the number of boxes.
    ///
    /// # Errors
    /// When they cannot be looked for.
    pub async fn sweep(&self) -> Result<usize, SweepError> {
        self.backend.sweep().await
    }

    /// Sweeps now and then, for ever, and looks whether boxes can still be made. `failed` is called each time that it cannot
    /// be done or they cannot, and each other reason in a row is logged.
    pub async fn sweep_regularly(&self, failed: impl Fn()) {
        let mut ticks = tokio::time::interval(self.facts().sweep_every);
        let mut latest = None;
        loop {
            ticks.tick().await;
            let trouble = self.keep_up().await.err().map(|error| error.to_string());
            if let Some(error) = &trouble {
                failed();
                if latest.as_ref() != Some(error) {
                    tracing::warn!(error, "the sandbox cannot be kept in order; it is tried again");
                }
            }
            latest = trouble;
        }
    }

    async fn keep_up(&self) -> Result<(), BoxedError> {
        // What makes boxes may have been started again meanwhile, with other settings.
        let connected = self.backend.connect().await;
        let swept = self.sweep().await;
        if let Ok(removed @ 1..) = swept {
            tracing::info!(removed, "boxes of workers that died were removed");
        }
        // What cannot make boxes can seldom remove any, and says better why.
        connected?;
        Ok(swept.map(drop)?)
    }

    /// Removes every box, and waits until they are gone.
    pub async fn close(&self) {
        self.closing.cancel();
        let warmers: Vec<_> = {
            let mut warmers = self.warmers.lock().unwrap_or_else(PoisonError::into_inner);
            warmers.drain(..).collect()
        };
        for ended in join_all(warmers).await {
            if let Err(error) = ended {
                tracing::error!(%error, "a task that warms boxes failed");
            }
        }
        self.warm.clear();
        self.backend.close().await;
    }
}

/// Keeps the boxes of one slot warm.
struct Warmer {
    slot: usize,
    starter: Arc<Starter>,
    failures: WarmingFailures,
    replacing: Replacing,
    warm: Arc<WarmBoxes>,
    closing: CancellationToken,
}

impl Warmer {
    /// A box that is being made when the pool closes is given up: its backend knows it, and removes it.
    async fn keep_warm(mut self) {
        let closing = self.closing.clone();
        let _closed = closing.run_until_cancelled(self.warm_for_ever()).await;
    }

    async fn warm_for_ever(&mut self) {
        loop {
            loop {
                self.replacing.is_due().await;
                let Some(spec) = self.warm.lacking(self.slot) else {
                    break;
                };
                match self.starter.start(&spec).await {
                    Ok(session) => {
                        self.warm.put(&spec, session);
                        self.failures.end();
                    }
                    Err(error) => tokio::time::sleep(self.failures.add(&error)).await,
                }
            }
            let requested = self.warm.requested(self.slot);
            if let Err(_quiet) = tokio::time::timeout(TRIM_EVERY, requested).await {
                self.warm.trim(self.slot);
            }
        }
    }
}
