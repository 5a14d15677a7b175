//! How this worker is, asked of each of its parts.
//!
//! It answers before its parts are there, and says which of them it waits for.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::watch;

use crate::broker::{self, Broker, ConnectionStatus};
use crate::health::{Heartbeat, Part, PartCheck, Readiness, Recent, Stalled, Watched};
use crate::judge::Culprit;
use crate::problem::examine_problems;
use crate::sandbox::{Backend, ClaimedCpus, Pool};
use crate::store::{self, Store, StoreError};
use crate::telemetry::metrics;
use crate::worker::settings::HealthSettings;
use crate::worker::{HostHealth, Stop};

/// What is known of a worker's health.
pub(super) struct Health {
    settings: HealthSettings,
    /// Held as long as the worker lives.
    cpus: ClaimedCpus,
    stop: Stop,
    recent: Recent,
    /// Of the loop that takes deliveries.
    pub(super) heartbeat: Heartbeat,
    /// Each part as soon as it is there.
    pub(super) backend: OnceLock<Arc<dyn Backend>>,
    pub(super) pool: OnceLock<Arc<Pool>>,
    pub(super) store: OnceLock<Store>,
    pub(super) broker: OnceLock<Broker>,
    pub(super) host_health: OnceLock<watch::Receiver<HostHealth>>,
    /// How long the latest submission had waited in the work queue, in seconds.
    waited_s: Mutex<Option<f64>>,
}

impl Watched for Health {
    fn alive(&self) -> Result<(), Stalled> {
        self.heartbeat.check()
    }

    fn readiness(&self) -> BoxFuture<'_, Readiness> {
        self.recent.or(self.examine()).boxed()
    }

    fn metrics(&self) -> BoxFuture<'_, String> {
        async {
            self.readiness().await;
            if let Some(pool) = self.pool.get() {
                metrics()
                    .boxes
                    .warm
                    .set(i64::try_from(pool.ready()).unwrap_or(i64::MAX));
            }
            metrics().exposed()
        }
        .boxed()
    }
}

impl Health {
    /// Of a worker that begins to start in slots on these CPUs.
    pub(super) fn new(settings: HealthSettings, cpus: ClaimedCpus, stop: &Stop) -> Self {
        let pinned = i64::try_from(cpus.pinned()).unwrap_or(i64::MAX);
        metrics().slots_pinned.set(pinned);
        let slots = cpus.shares.slots.len();
        metrics().expect_judging(slots, &settings.languages, Culprit::ALL.map(Culprit::name));
        Self {
            settings,
            cpus,
            stop: stop.clone(),
            recent: Recent::default(),
            heartbeat: Heartbeat::default(),
            backend: OnceLock::new(),
            pool: OnceLock::new(),
            store: OnceLock::new(),
            broker: OnceLock::new(),
            host_health: OnceLock::new(),
            waited_s: Mutex::default(),
        }
    }

    /// A submission came that had waited in the work queue for so long.
    pub(super) fn note_wait(&self, seconds: f64) {
        *self.waited_s.lock().unwrap_or_else(PoisonError::into_inner) = Some(seconds.max(0.0));
    }

    /// How long the latest submission had waited, in seconds.
    pub(super) fn latest_wait(&self) -> Option<f64> {
        *self.waited_s.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when the worker is told to stop.
    pub(super) async fn stopping(&self) {
        self.stop.soon.cancelled().await;
    }

    /// Name of this worker.
    pub(super) fn worker(&self) -> &str {
        &self.settings.worker.id
    }

    /// Submissions that can be judged at once.
    pub(super) fn slots(&self) -> usize {
        self.cpus.shares.slots.len()
    }

    async fn examine(&self) -> Readiness {
        let (broker, database, problems, sandbox) = tokio::join!(
            Part::asked(self.ask_broker()),
            Part::asked(self.ask_database()),
            Part::asked(self.ask_problems()),
            Part::asked(self.ask_sandbox()),
        );
        let parts = [
            ("worker", self.own_part()),
            ("host", self.host()),
            ("broker", broker),
            ("database", database),
            ("problems", problems),
            ("sandbox", sandbox),
            ("boxes", self.boxes()),
            ("cpus", Part::ready(self.cpus.found.as_str())),
        ];
        let flags = parts.each_ref().map(|(name, part)| (*name, part.ready));
        let readiness = Readiness::of(&self.settings.worker.id, parts);
        metrics().readiness(readiness.ready, flags);
        readiness
    }

    fn own_part(&self) -> Part {
        if self.stop.soon.is_cancelled() {
            return Part::not_ready("stopping");
        }
        let awaited = [
            ("the sandbox", self.pool.get().is_some()),
            ("PostgreSQL", self.store.get().is_some()),
            ("RabbitMQ", self.broker.get().is_some()),
        ];
        match awaited.iter().find(|(_name, there)| !there) {
            Some((name, _)) => Part::not_ready(format!("starting, waiting for {name}")),
            None => match self.heartbeat.check() {
                Ok(()) => Part::ready("taking submissions"),
                Err(stalled) => Part::not_ready(stalled.to_string()),
            },
        }
    }

    /// Whether submissions can be judged here, as far as the latest failure or probe tells.
    fn host(&self) -> Part {
        match self.host_health.get().map(|host_health| host_health.borrow().clone()) {
            Some(HostHealth::Healthy) => Part::ready("can judge"),
            Some(HostHealth::Unhealthy { reason }) => Part::not_ready(reason),
            None => Part::ready("not tried yet"),
        }
    }

    async fn ask_broker(&self) -> Part {
        match self.broker.get().map(Broker::status) {
            Some(ConnectionStatus::Connected) => Part::ready("connected"),
            Some(ConnectionStatus::Blocked) => {
                Part::not_ready("connected, but it takes no message: RabbitMQ lacks memory or disk")
            }
            Some(ConnectionStatus::Disconnected) | None => match broker::ping(&self.settings.broker).await {
                Ok(()) => Part::not_ready("not connected yet"),
                Err(error) => Part::not_ready(error.to_string()),
            },
        }
    }

    async fn ask_database(&self) -> Part {
        if !self.settings.store.enabled {
            return Part::ready("switched off");
        }
        let asked = match self.store.get() {
            Some(store) => store.ping().await.map(|_kept| Part::ready("answers")),
            None => store::ping(&self.settings.store)
                .await
                .map(|()| Part::not_ready("answers; its tables are not looked at yet")),
        };
        asked.unwrap_or_else(|error| match error {
            StoreError::Sql(error) => Part::not_ready(error.to_string()),
            other => Part::not_ready(other.to_string()),
        })
    }

    async fn ask_problems(&self) -> Part {
        match examine_problems(&self.settings.problems).await {
            Ok(found) => Part::ready(found),
            Err(error) => Part::not_ready(error.to_string()),
        }
    }

    /// Of the environments only those matter whose boxes are started ahead: a worker can judge other languages.
    async fn ask_sandbox(&self) -> Part {
        let Some(backend) = self.backend.get() else {
            return Part::not_ready("not opened yet");
        };
        let environments = self.settings.sandbox.warm_environments(&self.settings.languages);
        let environments: Vec<&str> = environments.iter().map(String::as_str).collect();
        Part::of_checks(backend.examine(&environments).await.into_iter().map(|check| PartCheck {
            ready: !check.has_failed(),
            check: check.check.to_owned(),
            found: check.found,
            remedy: check.remedy,
        }))
    }

    /// Whether a box can be started, as far as the latest one tells.
    fn boxes(&self) -> Part {
        let Some(pool) = self.pool.get() else {
            return Part::not_ready("none yet");
        };
        let sandbox = &self.settings.sandbox;
        let ahead = sandbox.warm_boxes > 0 && !sandbox.warm_languages.is_empty();
        match (pool.ready(), pool.latest_start()) {
            (1.., _) => Part::ready(format!("{} warm", pool.ready())),
            (0, Some(Ok(()))) => Part::ready("the latest one started"),
            (0, Some(Err(reason))) => Part::not_ready(format!("the latest one did not start: {reason}")),
            (0, None) if ahead => Part::not_ready("none has started yet"),
            (0, None) => Part::ready("none is started ahead, and none was asked for yet"),
        }
    }
}
