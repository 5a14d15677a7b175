//! How fast slots are freed, which says whether it is worth having a message ready for the next one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

/// Slots are freed at a pace at which a message waits no longer than this for one.
const BRISK: Duration = Duration::from_secs(1);

/// When slots were freed.
#[derive(Debug)]
pub(super) struct Pace {
    freed: watch::Sender<Freed>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Freed {
    latest: Option<Instant>,
    /// The pace is brisk until then.
    brisk_until: Option<Instant>,
}

/// A slot in use, until it is dropped.
#[derive(Debug)]
pub(in crate::broker) struct SlotPermit {
    _permit: OwnedSemaphorePermit,
    pace: Arc<Pace>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            freed: watch::Sender::default(),
        }
    }

    /// A slot that is in use from now on.
    pub(super) fn slot(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> SlotPermit {
        SlotPermit {
            _permit: permit,
            pace: Arc::clone(self),
        }
    }

    fn note_freed(&self, now: Instant) {
        self.freed.send_modify(|freed| {
            let is_brisk = freed.latest.is_some_and(|latest| now.duration_since(latest) < BRISK);
            freed.brisk_until = is_brisk.then(|| now + BRISK);
            freed.latest = Some(now);
        });
    }

    /// Returns when slots are freed briskly.
    pub(super) async fn is_brisk(&self) {
        let is_brisk = |freed: &Freed| freed.brisk_until.is_some_and(|until| until > Instant::now());
        let mut freed = self.freed.subscribe();
        // The sender lives as long as this does.
        let _brisk = freed.wait_for(is_brisk).await;
    }

    /// Returns when they are not.
    pub(super) async fn is_slow(&self) {
        loop {
            let until = self.freed.borrow().brisk_until;
            match until.filter(|until| *until > Instant::now()) {
                Some(until) => sleep_until(until).await,
                None => return,
            }
        }
    }
}

impl Drop for SlotPermit {
    fn drop(&mut self) {
        self.pace.note_freed(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use futures::FutureExt as _;

    use super::*;

    fn is_now(state: impl Future<Output = ()>) -> bool {
        state.now_or_never().is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn slots_are_freed_briskly_from_the_second_within_a_second_until_none_is_for_a_second() {
        let pace = Pace::new();
        assert!(is_now(pace.is_slow()));
        pace.note_freed(Instant::now());
        assert!(is_now(pace.is_slow()), "one says nothing");
        pace.note_freed(Instant::now() + BRISK / 2);
        assert!(is_now(pace.is_brisk()) && !is_now(pace.is_slow()));
        let began = Instant::now();
        pace.is_slow().await;
        assert_eq!(began.elapsed().as_millis(), 1500);
        assert!(!is_now(pace.is_brisk()));
        pace.note_freed(Instant::now());
        assert!(is_now(pace.is_slow()), "the one before was long ago");
    }
}
