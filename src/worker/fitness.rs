//! Whether this host can judge. A worker on one that cannot takes no submissions until it can.
//!
//! ```text
//! fit --judge error whose culprit is the host--> unfit --probe works--> fit
//! fit --suspicion--> probe -- works: fit, does not: unfit
//! ```
//!
//! Without this, a worker whose container engine is away would take submission after submission, fail each within
//! milliseconds, and use up all the attempts of a whole queue.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use crate::sandbox::pauses;
use crate::worker::probe::Probe;

const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Whether this host can judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fitness {
    /// As far as is known.
    Fit,
    /// It cannot, and no submission is taken.
    Unfit {
        /// What is wrong, and what to do.
        reason: String,
    },
}

impl Fitness {
    /// Whether submissions may be taken.
    pub fn is_fit(&self) -> bool {
        *self == Self::Fit
    }
}

/// Knows whether the host can judge, and finds out when it can again.
#[derive(Debug)]
pub(super) struct FitnessKeeper {
    state: watch::Sender<Fitness>,
    suspicion: Notify,
    /// Doubts since something was judged. A host that passes the probe and fails all the same is given more and more time.
    doubts: AtomicUsize,
    probe: Probe,
}

impl FitnessKeeper {
    pub(super) fn new(probe: Probe) -> Self {
        Self {
            state: watch::Sender::new(Fitness::Fit),
            suspicion: Notify::new(),
            doubts: AtomicUsize::new(0),
            probe,
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Fitness> {
        self.state.subscribe()
    }

    /// A submission could not be judged here, and the host is to blame: unfit until a probe works.
    pub(super) fn doubt(&self, reason: String) {
        let doubted = self.state.send_if_modified(|state| {
            let was_fit = state.is_fit();
            if was_fit {
                *state = Fitness::Unfit { reason: reason.clone() };
            }
            was_fit
        });
        if doubted {
            self.doubts.fetch_add(1, Ordering::Relaxed);
            tracing::error!(reason, "this host cannot judge; no submission is taken until it can");
        }
    }

    /// A submission was judged.
    pub(super) fn proved(&self) {
        self.doubts.store(0, Ordering::Relaxed);
    }

    /// Something does not work that judging needs: worth a probe.
    pub(super) fn suspect(&self) {
        self.suspicion.notify_one();
    }

    /// Finds out whether the host can judge now.
    pub(super) async fn can_judge(&self) -> bool {
        self.probe.run().await.is_ok()
    }

    /// Probes whenever there is reason to. `trouble` changes whenever a box could not be started ahead.
    pub(super) async fn keep(&self, mut trouble: watch::Receiver<Option<String>>) {
        let mut state = self.subscribe();
        loop {
            if self.is_fit() {
                let suspicious = tokio::select! {
                    Ok(()) = state.changed() => false,
                    Ok(()) = trouble.changed() => true,
                    () = self.suspicion.notified() => true,
                };
                if suspicious && let Err(error) = self.probe.run().await {
                    self.doubt(error.to_string());
                }
            }
            if !self.is_fit() {
                self.recover().await;
                trouble.mark_unchanged();
            }
        }
    }

    fn is_fit(&self) -> bool {
        self.state.borrow().is_fit()
    }

    /// Probes until it works, with a line whenever the reason changes.
    async fn recover(&self) {
        let mut pauses = pauses(SHORTEST_PAUSE, LONGEST_PAUSE);
        let doubts = self.doubts.load(Ordering::Relaxed);
        if doubts > 1 {
            let pause = pauses.nth(doubts - 2).unwrap_or(LONGEST_PAUSE);
            tracing::warn!(
                ?pause,
                "this host failed again after it could judge; it is left alone for a while"
            );
            sleep(pause).await;
        }
        while let Err(error) = self.probe.run().await {
            let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
            let reason = error.to_string();
            let found = Fitness::Unfit { reason: reason.clone() };
            if self.state.send_replace(found.clone()) == found {
                tracing::debug!(reason, "this host still cannot judge");
            } else {
                tracing::warn!(reason, ?pause, "this host cannot judge; it is probed until it can");
            }
            sleep(pause).await;
        }
        self.state.send_replace(Fitness::Fit);
        tracing::info!("this host can judge; submissions are taken again");
    }
}
