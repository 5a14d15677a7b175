//! Whether this host can judge. A worker on one that cannot takes no submissions until it can.
//!
//! ```text
//! healthy --trip: a judge error whose culprit is the host--> unhealthy --a probe works--> healthy
//! healthy --report--> probe -- works: healthy, does not: unhealthy
//! healthy --trip_if_repeated: a judge error that something else explains too-->
//!         as a report; after some of them, with nothing judged between: unhealthy
//! healthy --refused: a database that refuses a submission-->
//!         as a report; after some of them, with no verdict stored between: unhealthy
//! ```
//!
//! Without this, a worker whose container engine is away would take submission after submission, fail each within
//! milliseconds, and use up all the attempts of a whole queue.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use uuid::Uuid;

use crate::backoff::pauses;
use crate::worker::probe::{Probe, ProbeError};

const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Origins of failures that are told apart; with more of them the pause is the longest anyway.
const MOST_ORIGINS: usize = 16;

/// Failures of so many origins, with no success between them, are the host's, whatever else explains each of them.
const TRIPPING_ORIGINS: usize = 3;

/// Origins of failures of one kind, since what fails has worked.
#[derive(Debug, Default)]
struct Streak(Mutex<HashSet<String>>);

impl Streak {
    fn note(&self, origin: &str) {
        let mut origins = self.origins();
        if origins.len() < MOST_ORIGINS {
            origins.insert(origin.to_owned());
        }
    }

    fn len(&self) -> usize {
        self.origins().len()
    }

    /// Whether it has too many origins for each to be at fault itself.
    fn is_long(&self) -> bool {
        self.len() >= TRIPPING_ORIGINS
    }

    fn end(&self) {
        self.origins().clear();
    }

    fn origins(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
    failures: Streak,
    /// Submissions that the database refused since it has stored a verdict. A streak of its own: each of them may be judged
    /// before it is refused.
    refusals: Streak,
    probe: Probe,
}

impl CircuitBreaker {
    pub(super) fn new(probe: Probe) -> Self {
        Self {
            state: watch::Sender::new(HostHealth::Healthy),
            reported: Notify::new(),
            failures: Streak::default(),
            refusals: Streak::default(),
            probe,
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<HostHealth> {
        self.state.subscribe()
    }

    /// A submission of this origin could not be judged, and the host seems to be at fault: nothing is consumed until a probe
    /// works.
    pub(super) fn trip(&self, origin: &str, reason: String) {
        self.failures.note(origin);
        self.open(reason);
    }

    /// The same where what the submission asks for may be at fault as well: others are judged while the host is probed, unless
    /// too many have failed for what the probe may not find.
    pub(super) fn trip_if_repeated(&self, origin: &str, reason: String) {
        self.failures.note(origin);
        self.open_if_long(&self.failures, reason);
    }

    /// The database refuses a submission, which may be at fault itself. A contest may have one problem, so submissions are told
    /// apart by themselves.
    pub(super) fn refused(&self, submission: Uuid, reason: String) {
        self.refusals.note(&submission.to_string());
        self.open_if_long(&self.refusals, reason);
    }

    /// Whether the database has refused too many, with no verdict stored between them, for each to be at fault itself.
    pub(super) fn refuses_all(&self) -> bool {
        self.refusals.is_long()
    }

    fn open_if_long(&self, streak: &Streak, reason: String) {
        if streak.is_long() {
            self.open(reason);
        } else {
            self.report();
        }
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
        self.failures.end();
    }

    /// The database has stored a verdict.
    pub(super) fn stored(&self) {
        self.refusals.end();
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

    fn is_healthy(&self) -> bool {
        self.state.borrow().is_healthy()
    }

    /// Probes until it works, with a line whenever the reason changes.
    async fn recover(&self) {
        let mut pauses = pauses(SHORTEST_PAUSE, LONGEST_PAUSE);
        let trips = self.failures.len().max(self.refusals.len());
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

    /// A submission that comes again and again counts once, and what a box has judged says nothing of the database.
    #[tokio::test]
    async fn it_opens_when_the_database_refuses_several_submissions_whatever_was_judged_between() {
        let [judged, stored]: [fn(&CircuitBreaker); 2] = [CircuitBreaker::reset, CircuitBreaker::stored];
        type Row = (&'static [u128], fn(&CircuitBreaker), bool);
        let rows: [Row; 4] = [
            (&[1, 1, 1, 2, 2, 2], judged, true),
            (&[1, 2, 3], judged, false),
            (&[1, 2, 3, 4, 5], stored, true),
            (&[1, 1, 2], |_breaker| {}, true),
        ];
        for (refused, between, stays_healthy) in rows {
            let breaker = breaker();
            for submission in refused {
                between(&breaker);
                breaker.refused(Uuid::from_u128(*submission), format!("{submission} was refused"));
            }
            assert_eq!(breaker.is_healthy(), stays_healthy, "{refused:?}");
            assert_eq!(breaker.refuses_all(), !stays_healthy, "{refused:?}");
        }
    }
}
