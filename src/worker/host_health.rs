//! Whether this host can judge. A worker on one that cannot takes no submissions until it can.
//!
//! ```text
//! healthy --trip: a judge error whose culprit is the host--> unhealthy --a probe works--> healthy
//! healthy --report--> probe -- works: healthy, does not: unhealthy
//! healthy --trip_if_repeated: a judge error that something else explains too, or a database that refuses a submission-->
//!         as a report; after some of them: unhealthy
//! ```
//!
//! Without this, a worker whose container engine is away would take submission after submission, fail each within
//! milliseconds, and use up all the attempts of a whole queue.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use crate::backoff::pauses;
use crate::worker::probe::{Probe, ProbeError};

const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Origins of failures that are told apart; with more of them the pause is the longest anyway.
const MOST_ORIGINS: usize = 16;

/// Failures of so many origins, with nothing judged between them, are the host's, whatever else explains each of them.
const TRIPPING_ORIGINS: usize = 3;

/// Whether this host can judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostHealth {
    /// As far as is known.
    Healthy,
    /// It cannot, and no submission is taken.
    Unhealthy {
        /// What is wrong, and what to do.
        reason: String,
    },
}

impl HostHealth {
    /// Whether submissions may be taken.
    pub fn is_healthy(&self) -> bool {
        *self == Self::Healthy
    }
}

/// Stops consuming while the host cannot judge, and probes until it can.
#[derive(Debug)]
pub(super) struct CircuitBreaker {
    state: watch::Sender<HostHealth>,
    reported: Notify,
    /// Problems, or submissions without one, that failed here since something was judged. Where several fail though the
    /// probe works, the host is given more and more time; one package or submission alone does not cause that.
    origins: Mutex<HashSet<String>>,
    probe: Probe,
}

impl CircuitBreaker {
    pub(super) fn new(probe: Probe) -> Self {
        Self {
            state: watch::Sender::new(HostHealth::Healthy),
            reported: Notify::new(),
            origins: Mutex::default(),
            probe,
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<HostHealth> {
        self.state.subscribe()
    }

    /// A submission of this origin could not be judged, and the host seems to be at fault: nothing is consumed until a probe
    /// works.
    pub(super) fn trip(&self, origin: &str, reason: String) {
        self.note(origin);
        self.open(reason);
    }

    /// The same where what the submission asks for may be at fault as well: others are judged while the host is probed, unless
    /// too many have failed for what the probe may not find.
    pub(super) fn trip_if_repeated(&self, origin: &str, reason: String) {
        self.note(origin);
        if self.has_repeated() {
            self.open(reason);
        } else {
            self.report();
        }
    }

    /// Whether too many have failed, with nothing judged between them, for each to be at fault itself.
    pub(super) fn has_repeated(&self) -> bool {
        self.origins().len() >= TRIPPING_ORIGINS
    }

    fn open(&self, reason: String) {
        let tripped = self.state.send_if_modified(|state| {
            let was_healthy = state.is_healthy();
            if was_healthy {
                *state = HostHealth::Unhealthy { reason: reason.clone() };
            }
            was_healthy
        });
        if tripped {
            tracing::error!(reason, "this host cannot judge; no submission is taken until it can");
        }
    }

    /// A submission was judged.
    pub(super) fn reset(&self) {
        self.origins().clear();
    }

    /// Something does not work that judging needs: the host is probed.
    pub(super) fn report(&self) {
        self.reported.notify_one();
    }

    /// Finds out whether the host can judge now, in a slot that is free within this time.
    pub(super) async fn probe_within(&self, slot_patience: Duration) -> Result<(), ProbeError> {
        self.probe.run_within(slot_patience).await
    }

    /// Probes whenever there is reason to. `trouble` changes whenever a box could not be started ahead.
    pub(super) async fn run(&self, mut trouble: watch::Receiver<Option<String>>) {
        let mut state = self.subscribe();
        loop {
            if self.is_healthy() {
                let is_probe_due = tokio::select! {
                    Ok(()) = state.changed() => false,
                    Ok(()) = trouble.changed() => true,
                    () = self.reported.notified() => true,
                };
                if is_probe_due && let Err(error) = self.probe.run().await {
                    self.open(error.to_string());
                }
            }
            if !self.is_healthy() {
                self.recover().await;
                trouble.mark_unchanged();
            }
        }
    }

    fn note(&self, origin: &str) {
        let mut origins = self.origins();
        if origins.len() < MOST_ORIGINS {
            origins.insert(origin.to_owned());
        }
    }

    fn origins(&self) -> MutexGuard<'_, HashSet<String>> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_healthy(&self) -> bool {
        self.state.borrow().is_healthy()
    }

    /// Probes until it works, with a line whenever the reason changes.
    async fn recover(&self) {
        let mut pauses = pauses(SHORTEST_PAUSE, LONGEST_PAUSE);
        let trips = self.origins().len();
        if trips > 1 {
            let pause = pauses.nth(trips - 2).unwrap_or(LONGEST_PAUSE);
            tracing::warn!(
                ?pause,
                "this host failed again after it could judge; it is left alone for a while"
            );
            sleep(pause).await;
        }
        while let Err(error) = self.probe.run().await {
            let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
            let reason = error.to_string();
            let found = HostHealth::Unhealthy { reason: reason.clone() };
            if self.state.send_replace(found.clone()) == found {
                tracing::debug!(reason, "this host still cannot judge");
            } else {
                tracing::warn!(reason, ?pause, "this host cannot judge; it is probed until it can");
            }
            sleep(pause).await;
        }
        self.state.send_replace(HostHealth::Healthy);
        tracing::info!("this host can judge; submissions are taken again");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config;
    use crate::sandbox::{Pool, PoolPlan, open_backend};

    /// A breaker whose probe looks at this host's disk alone.
    fn breaker() -> CircuitBreaker {
        let mut settings = config::load(None).unwrap();
        settings.sandbox.docker.host = "unix:///nowhere/docker.sock".to_owned();
        let backend = open_backend(&settings.sandbox, "tripping").unwrap();
        let plan = PoolPlan::new(&settings.sandbox, vec![String::new()], 0);
        let pool = Arc::new(Pool::new(backend.into(), &plan));
        CircuitBreaker::new(Probe::new(pool, None, []))
    }

    #[tokio::test]
    async fn it_opens_when_several_origins_fail_and_nothing_is_judged_between() {
        let breaker = breaker();
        let stays_healthy_after = |origin: &str| {
            breaker.trip_if_repeated(origin, format!("{origin} was lost"));
            breaker.is_healthy()
        };
        assert!(["one", "two", "one", "two", "one"].into_iter().all(stays_healthy_after));
        breaker.reset();
        assert!(["three", "one"].into_iter().all(stays_healthy_after));
        assert!(!stays_healthy_after("two"));
        let reason = "two was lost".to_owned();
        assert_eq!(*breaker.subscribe().borrow(), HostHealth::Unhealthy { reason });
    }
}
